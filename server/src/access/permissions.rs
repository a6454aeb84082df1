//! A type for each permission that a route can ask for.

use atelier_api::role::{Action, Object};

/// Something that may be done to an object, as a type.
pub trait Permission: Send + Sync + 'static {
    const OBJECT: Object;
    const ACTION: Action;
    /// Whether reaching what is one's own is enough, because the route touches nothing else.
    const OWN: bool;
}

macro_rules! permissions {
    ($($name:ident = $object:ident $action:ident $($own:ident)?;)+) => {
        $(
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Permission for $name {
                const OBJECT: Object = Object::$object;
                const ACTION: Action = Action::$action;
                const OWN: bool = !stringify!($($own)?).is_empty();
            }
        )+
    };
}

permissions! {
    CreateOrganization = Organization Create;
    ReadOrganization = Organization Read;
    UpdateOrganization = Organization Update;
    ReadPerson = Person Read;
    UpdatePerson = Person Update;
    DeletePerson = Person Delete;
    ReadGroup = Group Read;
    CreateGroup = Group Create;
    UpdateGroup = Group Update;
    DeleteGroup = Group Delete;
    ReadInvitation = Invitation Read;
    CreateInvitation = Invitation Create;
    DeleteInvitation = Invitation Delete;
    ReadRole = Role Read;
    CreateRole = Role Create;
    UpdateRole = Role Update;
    DeleteRole = Role Delete;
    ReadTier = Tier Read;
    CreateTier = Tier Create;
    UpdateTier = Tier Update;
    ReadEnvironment = Environment Read;
    BuildEnvironment = Environment Build;
    ReadProject = Project Read;
    CreateProject = Project Create;
    UpdateProject = Project Update;
    DeleteProject = Project Delete;
    ReadMember = Member Read;
    CreateMember = Member Create;
    UpdateMember = Member Update;
    DeleteMember = Member Delete;
    ReadSession = Session Read;
    CreateSession = Session Create;
    StartSession = Session Start;
    StopSession = Session Stop;
    OpenSession = Session Open;
    DeleteSession = Session Delete;
    ListDatasets = Dataset Read own;
    ReadDataset = Dataset Read;
    CreateDataset = Dataset Create;
    UpdateDataset = Dataset Update;
    CommitDataset = Dataset Commit;
    DeleteDataset = Dataset Delete;
    ReadFiles = File Read;
    CommitFiles = File Commit;
    UpdateFiles = File Update;
    ReadResults = Result Read;
    CommitResults = Result Commit;
    DeleteResults = Result Delete;
    ListModels = Model Read own;
    ReadModel = Model Read;
    CreateModel = Model Create;
    UpdateModel = Model Update;
    CommitModel = Model Commit;
    DeleteModel = Model Delete;
    ReadSpend = Spend Read;
    ReadOwnSpend = Spend Read own;
}
