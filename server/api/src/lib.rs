//! Atelier
