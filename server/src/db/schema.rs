//! The tables, as `migrations/` makes them; a test compares both databases with this file.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    installation (id) {
        id -> Text,
        created_at -> BigInt,
    }
}

table! {
    users (id) {
        id -> Text,
        email -> Text,
        email_key -> Text,
        name -> Text,
        password_hash -> Text,
        language -> Text,
        theme -> Text,
        operator -> Bool,
        created_at -> BigInt,
    }
}

table! {
    sign_ins (id) {
        id -> Text,
        user_id -> Text,
        token_hash -> Text,
        user_agent -> Text,
        address -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    access_tokens (id) {
        id -> Text,
        user_id -> Text,
        name -> Text,
        token_hash -> Text,
        scope -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    organizations (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        currency -> Text,
        created_at -> BigInt,
        policy_epoch -> BigInt,
    }
}

table! {
    custom_roles (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        base -> Text,
        created_at -> BigInt,
    }
}

table! {
    custom_role_rules (role_id, object, action, effect) {
        role_id -> Text,
        object -> Text,
        action -> Text,
        scope -> Text,
        effect -> Text,
    }
}

table! {
    organization_members (organization_id, user_id) {
        organization_id -> Text,
        user_id -> Text,
        role -> Text,
        disabled_at -> Nullable<BigInt>,
        sessions_at_once -> Nullable<BigInt>,
        monthly_limit_micros -> Nullable<BigInt>,
        joined_at -> BigInt,
    }
}

table! {
    projects (id) {
        id -> Text,
        organization_id -> Text,
        slug -> Text,
        name -> Text,
        description -> Text,
        sample -> Bool,
        created_by -> Text,
        created_at -> BigInt,
        archived_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        storage_quota_bytes -> Nullable<BigInt>,
    }
}

table! {
    project_members (project_id, user_id) {
        project_id -> Text,
        user_id -> Text,
        role -> Text,
        custom_role_id -> Nullable<Text>,
        since -> BigInt,
    }
}

table! {
    groups (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        description -> Text,
        created_at -> BigInt,
    }
}

table! {
    group_members (group_id, user_id) {
        group_id -> Text,
        user_id -> Text,
        since -> BigInt,
    }
}

table! {
    project_groups (project_id, group_id) {
        project_id -> Text,
        group_id -> Text,
        role -> Text,
        custom_role_id -> Nullable<Text>,
        since -> BigInt,
    }
}

// A view: a person can have several roles in a project.
table! {
    project_roles (project_id, user_id) {
        project_id -> Text,
        user_id -> Text,
        role -> Text,
        custom_role_id -> Nullable<Text>,
    }
}

table! {
    grants (id) {
        id -> Text,
        organization_id -> Text,
        object -> Text,
        object_id -> Text,
        action -> Text,
        effect -> Text,
        user_id -> Nullable<Text>,
        group_id -> Nullable<Text>,
        role -> Nullable<Text>,
        granted_by -> Text,
        granted_at -> BigInt,
    }
}

table! {
    versions (object, object_id) {
        object -> Text,
        object_id -> Text,
        version -> BigInt,
        changed_by -> Text,
        changed_at -> BigInt,
    }
}

table! {
    invitations (id) {
        id -> Text,
        organization_id -> Text,
        token_hash -> Text,
        email -> Nullable<Text>,
        role -> Text,
        project_id -> Nullable<Text>,
        project_role -> Nullable<Text>,
        invited_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        accepted_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    one_time_links (id) {
        id -> Text,
        purpose -> Text,
        token_hash -> Text,
        user_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    tiers (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        cpu_milli -> BigInt,
        memory_bytes -> BigInt,
        created_at -> BigInt,
        archived_at -> Nullable<BigInt>,
    }
}

table! {
    tier_prices (id) {
        id -> Text,
        tier_id -> Text,
        price_micros -> BigInt,
        set_by -> Text,
        since -> BigInt,
    }
}

table! {
    environments (id) {
        id -> Text,
        definition_hash -> Text,
        revision -> BigInt,
        state -> Text,
        image -> Nullable<Text>,
        size_bytes -> Nullable<BigInt>,
        failure -> Nullable<Text>,
        cancelled_by -> Nullable<Text>,
        started_at -> Nullable<BigInt>,
        built_at -> Nullable<BigInt>,
    }
}

table! {
    environment_builds (id) {
        id -> Text,
        environment_id -> Text,
        definition_hash -> Text,
        caused_by -> Nullable<Text>,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
    }
}

table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        fence -> BigInt,
        beat -> BigInt,
    }
}

table! {
    workloads (id) {
        id -> Text,
        kind -> Text,
        organization_id -> Text,
        project_id -> Text,
        owner_id -> Text,
        name -> Text,
        environment_id -> Text,
        tool -> Text,
        wanted -> Text,
        stop_cause -> Nullable<Text>,
        generation -> BigInt,
        created_at -> BigInt,
        wanted_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        all_data -> Bool,
    }
}

table! {
    idempotency_keys (user_id, idempotency_key) {
        user_id -> Text,
        idempotency_key -> Text,
        made -> Text,
        created_at -> BigInt,
    }
}

table! {
    workload_status (workload_id) {
        workload_id -> Text,
        state -> Text,
        started_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        end_cause -> Nullable<Text>,
        failure_code -> Nullable<Text>,
        failure_detail -> Nullable<Text>,
        alive -> Text,
        last_active_at -> BigInt,
        idle_warned_at -> Nullable<BigInt>,
        oom_at -> Nullable<BigInt>,
        oom_used_bytes -> Nullable<BigInt>,
        oom_limit_bytes -> Nullable<BigInt>,
        updated_at -> BigInt,
    }
}

table! {
    workload_starts (workload_id, generation) {
        workload_id -> Text,
        generation -> BigInt,
        asked_by -> Text,
        asked_at -> BigInt,
        tier_id -> Text,
        tier_name -> Text,
        cpu_milli -> BigInt,
        memory_bytes -> BigInt,
        price_micros -> BigInt,
        image -> Nullable<Text>,
    }
}

table! {
    workload_steps (workload_id, generation, name) {
        workload_id -> Text,
        generation -> BigInt,
        name -> Text,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

table! {
    workload_logs (workload_id) {
        workload_id -> Text,
        generation -> BigInt,
        lines -> Text,
    }
}

table! {
    volumes (name) {
        name -> Text,
        project_id -> Text,
        user_id -> Text,
        purpose -> Text,
        created_at -> BigInt,
        prepared_at -> Nullable<BigInt>,
    }
}

table! {
    datasets (id) {
        id -> Text,
        project_id -> Text,
        slug -> Text,
        name -> Text,
        description -> Text,
        created_by -> Text,
        created_at -> BigInt,
        trashed_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}

table! {
    models (id) {
        id -> Text,
        project_id -> Text,
        slug -> Text,
        name -> Text,
        description -> Text,
        created_by -> Text,
        created_at -> BigInt,
        trashed_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}

table! {
    artifact_labels (object, object_id, label) {
        object -> Text,
        object_id -> Text,
        label -> Text,
    }
}

table! {
    dataset_shares (id) {
        id -> Text,
        dataset_id -> Text,
        project_id -> Nullable<Text>,
        access -> Text,
        shared_by -> Text,
        shared_at -> BigInt,
    }
}

table! {
    data_versions (object, object_id, number) {
        project_id -> Text,
        object -> Text,
        object_id -> Text,
        number -> BigInt,
        parent_number -> Nullable<BigInt>,
        restored_number -> Nullable<BigInt>,
        root -> Text,
        message -> Text,
        author_id -> Text,
        origin -> Text,
        workload_id -> Nullable<Text>,
        environment_id -> Nullable<Text>,
        image -> Nullable<Text>,
        files_number -> Nullable<BigInt>,
        cost_micros -> Nullable<BigInt>,
        files -> BigInt,
        bytes -> BigInt,
        stored_bytes -> BigInt,
        created_at -> BigInt,
        trashed_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}

table! {
    workload_data_choices (workload_id, dataset_id) {
        workload_id -> Text,
        dataset_id -> Text,
        version -> Text,
    }
}

table! {
    workload_data (workload_id, generation, dataset_id) {
        workload_id -> Text,
        generation -> BigInt,
        dataset_id -> Text,
        slug -> Text,
        version -> Text,
        number -> BigInt,
        root -> Text,
        files -> BigInt,
        bytes -> BigInt,
        place -> Text,
    }
}

table! {
    data_volumes (name) {
        name -> Text,
        project_id -> Text,
        root -> Text,
        bytes -> BigInt,
        prepared_at -> Nullable<BigInt>,
        used_at -> BigInt,
    }
}

table! {
    data_facts (object, object_id, number, kind, name) {
        object -> Text,
        object_id -> Text,
        number -> BigInt,
        kind -> Text,
        name -> Text,
        value -> Text,
    }
}

table! {
    data_inputs (object, object_id, number, dataset_id, dataset_number) {
        object -> Text,
        object_id -> Text,
        number -> BigInt,
        dataset_id -> Text,
        dataset_number -> BigInt,
    }
}

table! {
    data_tags (object, object_id, tag) {
        object -> Text,
        object_id -> Text,
        tag -> Text,
        number -> BigInt,
        set_by -> Text,
        set_at -> BigInt,
    }
}

table! {
    restricted_paths (id) {
        id -> Text,
        project_id -> Text,
        path -> Text,
    }
}

table! {
    uploads (id) {
        id -> Text,
        project_id -> Text,
        object -> Text,
        object_id -> Text,
        author_id -> Text,
        workload_id -> Nullable<Text>,
        base_number -> Nullable<BigInt>,
        base_root -> Text,
        replaces -> Bool,
        root -> Text,
        files -> BigInt,
        bytes -> BigInt,
        stored_bytes -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        number -> Nullable<BigInt>,
        draft -> Bool,
        last_save -> Nullable<Text>,
    }
}

table! {
    upload_packs (upload_id, pack) {
        upload_id -> Text,
        pack -> Text,
    }
}

table! {
    project_storage (project_id) {
        project_id -> Text,
        measured_bytes -> BigInt,
        added_bytes -> BigInt,
        pack_bytes -> BigInt,
        changes -> BigInt,
        measured_changes -> BigInt,
        measured_at -> Nullable<BigInt>,
        billed_through -> BigInt,
    }
}

table! {
    storage_parts (object, object_id) {
        object -> Text,
        object_id -> Text,
        project_id -> Text,
        versions -> BigInt,
        version_bytes -> BigInt,
        newest_bytes -> BigInt,
        stored_bytes -> BigInt,
        own_bytes -> BigInt,
    }
}

table! {
    storage_prices (id) {
        id -> Text,
        organization_id -> Text,
        price_micros -> BigInt,
        set_by -> Text,
        since -> BigInt,
    }
}

table! {
    storage_days (project_id, day) {
        project_id -> Text,
        day -> BigInt,
        organization_id -> Text,
        project_slug -> Text,
        project_name -> Text,
        bytes -> BigInt,
        price_micros -> BigInt,
        month_days -> BigInt,
        cost_micros -> BigInt,
        billed_at -> BigInt,
    }
}

table! {
    session_entries (code_hash) {
        code_hash -> Text,
        workload_id -> Text,
        sign_in_id -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    session_cookies (token_hash) {
        token_hash -> Text,
        workload_id -> Text,
        sign_in_id -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    session_ports (port) {
        port -> BigInt,
        workload_id -> Text,
        since -> BigInt,
    }
}

table! {
    segments (id) {
        id -> Text,
        container -> Text,
        sequence -> BigInt,
        kind -> Text,
        workload_id -> Text,
        workload_name -> Text,
        organization_id -> Text,
        project_id -> Text,
        project_slug -> Text,
        project_name -> Text,
        user_id -> Text,
        user_name -> Text,
        user_email -> Text,
        tier_name -> Text,
        price_micros -> BigInt,
        opened_at -> BigInt,
    }
}

table! {
    heartbeats (segment_id) {
        segment_id -> Text,
        started_at -> BigInt,
        billed_ms -> BigInt,
        boot_id -> Text,
        boot_ms -> BigInt,
        seen_at -> BigInt,
    }
}

table! {
    segment_ends (segment_id) {
        segment_id -> Text,
        started_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        milliseconds -> BigInt,
        cost_micros -> BigInt,
        closed_at -> BigInt,
    }
}

joinable!(sign_ins -> users (user_id));
joinable!(access_tokens -> users (user_id));
joinable!(custom_roles -> organizations (organization_id));
joinable!(custom_role_rules -> custom_roles (role_id));
joinable!(organization_members -> organizations (organization_id));
joinable!(organization_members -> users (user_id));
joinable!(projects -> organizations (organization_id));
joinable!(projects -> users (created_by));
joinable!(project_members -> projects (project_id));
joinable!(project_members -> users (user_id));
joinable!(project_members -> custom_roles (custom_role_id));
joinable!(groups -> organizations (organization_id));
joinable!(group_members -> groups (group_id));
joinable!(group_members -> users (user_id));
joinable!(project_groups -> projects (project_id));
joinable!(project_groups -> groups (group_id));
joinable!(project_groups -> custom_roles (custom_role_id));
joinable!(project_roles -> projects (project_id));
joinable!(project_roles -> users (user_id));
joinable!(versions -> users (changed_by));
joinable!(invitations -> organizations (organization_id));
joinable!(invitations -> projects (project_id));
joinable!(invitations -> users (invited_by));
joinable!(one_time_links -> users (user_id));
joinable!(tiers -> organizations (organization_id));
joinable!(tier_prices -> tiers (tier_id));
joinable!(tier_prices -> users (set_by));
joinable!(environments -> users (cancelled_by));
joinable!(environment_builds -> environments (environment_id));
joinable!(environment_builds -> users (caused_by));
joinable!(workloads -> organizations (organization_id));
joinable!(workloads -> projects (project_id));
joinable!(workloads -> users (owner_id));
joinable!(idempotency_keys -> users (user_id));
joinable!(workload_status -> workloads (workload_id));
joinable!(workload_starts -> workloads (workload_id));
joinable!(workload_starts -> users (asked_by));
joinable!(workload_starts -> tiers (tier_id));
joinable!(workload_steps -> workloads (workload_id));
joinable!(workload_logs -> workloads (workload_id));
joinable!(volumes -> projects (project_id));
joinable!(volumes -> users (user_id));
joinable!(datasets -> projects (project_id));
joinable!(datasets -> users (created_by));
joinable!(dataset_shares -> datasets (dataset_id));
joinable!(dataset_shares -> projects (project_id));
joinable!(dataset_shares -> users (shared_by));
joinable!(models -> projects (project_id));
joinable!(models -> users (created_by));
joinable!(data_inputs -> datasets (dataset_id));
joinable!(data_versions -> projects (project_id));
joinable!(data_versions -> users (author_id));
joinable!(data_versions -> workloads (workload_id));
joinable!(workload_data_choices -> workloads (workload_id));
joinable!(workload_data_choices -> datasets (dataset_id));
joinable!(workload_data -> workloads (workload_id));
joinable!(workload_data -> datasets (dataset_id));
joinable!(data_volumes -> projects (project_id));
joinable!(data_tags -> users (set_by));
joinable!(restricted_paths -> projects (project_id));
joinable!(uploads -> projects (project_id));
joinable!(uploads -> users (author_id));
joinable!(uploads -> workloads (workload_id));
joinable!(upload_packs -> uploads (upload_id));
joinable!(project_storage -> projects (project_id));
joinable!(storage_parts -> projects (project_id));
joinable!(storage_prices -> organizations (organization_id));
joinable!(storage_prices -> users (set_by));
joinable!(session_entries -> workloads (workload_id));
joinable!(session_cookies -> workloads (workload_id));
joinable!(session_ports -> workloads (workload_id));
joinable!(heartbeats -> segments (segment_id));
joinable!(segment_ends -> segments (segment_id));

allow_tables_to_appear_in_same_query!(
    installation,
    users,
    sign_ins,
    access_tokens,
    organizations,
    custom_roles,
    custom_role_rules,
    organization_members,
    projects,
    project_members,
    groups,
    group_members,
    project_groups,
    project_roles,
    grants,
    versions,
    invitations,
    one_time_links,
    tiers,
    tier_prices,
    environments,
    environment_builds,
    leases,
    workloads,
    idempotency_keys,
    workload_status,
    workload_starts,
    workload_steps,
    workload_logs,
    volumes,
    datasets,
    models,
    artifact_labels,
    dataset_shares,
    data_versions,
    workload_data_choices,
    workload_data,
    data_volumes,
    data_facts,
    data_inputs,
    data_tags,
    restricted_paths,
    uploads,
    upload_packs,
    project_storage,
    storage_parts,
    storage_prices,
    storage_days,
    session_entries,
    session_cookies,
    session_ports,
    segments,
    heartbeats,
    segment_ends,
);
