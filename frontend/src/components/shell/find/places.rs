//! The pages that one can jump to, as far as one may see them.

use crate::contexts::organization::Org;
use crate::pages::organization::navigation;
use crate::pages::project::navigation::project_links;
use crate::text::tr;
use crate::{components::shell::SideLink, contexts::project::Proj};
use atelier_api::project::Project;

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// What it belongs to.
    pub(crate) area: String,
    pub(crate) address: String,
}

/// The pages of the open project, of the organization, of its administration, and the projects.
pub(crate) fn places(org: Org, project: Option<Proj>, projects: &[Project]) -> Vec<Place> {
    let mut places = Vec::new();
    if let Some(project) = project {
        add(&mut places, &project.name(), project_links(project));
    }
    places.extend(projects.iter().map(|project| Place {
        name: project.name.clone(),
        area: tr!(shell.project).to_owned(),
        address: org.at(&format!("/{}", project.slug)),
    }));
    add(&mut places, &org.name(), navigation::organization_links(org));
    add(&mut places, tr!(shell.administration), navigation::administration_links(org));
    for (name, area, address) in
        [(tr!(shell.profile), "", "/profile"), (tr!(tokens.title), tr!(shell.profile), "/profile/tokens")]
    {
        places.push(Place { name: name.to_owned(), area: area.to_owned(), address: address.to_owned() });
    }
    places
}

fn add(places: &mut Vec<Place>, area: &str, links: Vec<SideLink>) {
    places.extend(links.into_iter().filter_map(|link| match link {
        SideLink::To { name, address, .. } => Some(Place { name, area: area.to_owned(), address }),
        SideLink::Line => None,
    }));
}

/// Every word that was typed must be in the name or the area.
pub(crate) fn matches(place: &Place, typed: &str) -> bool {
    let text = format!("{} {}", place.name, place.area).to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
}
