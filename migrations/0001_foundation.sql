-- Ids are UUIDv7 in text, times are milliseconds UTC, money is in millionths.
-- Written once for both databases; the runner adds COLLATE "C" to text columns on PostgreSQL.

-- One row: the name of this installation on the Docker daemons that it uses.
CREATE TABLE installation (
    id TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    -- As typed; compared by email_key, which is lower case.
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    theme TEXT NOT NULL,
    operator BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id);

-- By which programs act for a person.
CREATE TABLE access_tokens (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    -- Equal to expires_at where nobody revoked it before it expired.
    revoked_at BIGINT
);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id);

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Counts the changes of its custom roles, so that a server knows when what it remembers is old.
    policy_epoch BIGINT NOT NULL DEFAULT 0
);

-- Roles that an organization makes for its projects.
CREATE TABLE custom_roles (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    -- The built-in role that it began as.
    base TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);

CREATE TABLE custom_role_rules (
    role_id TEXT NOT NULL REFERENCES custom_roles (id),
    object TEXT NOT NULL,
    action TEXT NOT NULL,
    scope TEXT NOT NULL,
    -- allow or deny
    effect TEXT NOT NULL,
    PRIMARY KEY (role_id, object, action, effect)
);

CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    disabled_at BIGINT,
    sessions_at_once BIGINT,
    monthly_limit_micros BIGINT,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX organization_members_by_user ON organization_members (user_id);

CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Its members' work folders begin with the sample notebook and data.
    sample BOOLEAN NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    deleted_at BIGINT,
    -- Bytes that its versions may need together in the store; null if there is no end to them.
    storage_quota_bytes BIGINT,
    UNIQUE (organization_id, slug)
);

CREATE TABLE project_members (
    project_id TEXT NOT NULL REFERENCES projects (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    -- Decides instead of the role if it is set.
    custom_role_id TEXT REFERENCES custom_roles (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_members_by_user ON project_members (user_id);

-- People of an organization who are given roles together.
CREATE TABLE groups (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES groups (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

CREATE TABLE project_groups (
    project_id TEXT NOT NULL REFERENCES projects (id),
    group_id TEXT NOT NULL REFERENCES groups (id),
    role TEXT NOT NULL,
    -- Decides instead of the role if it is set.
    custom_role_id TEXT REFERENCES custom_roles (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (project_id, group_id)
);
CREATE INDEX project_groups_by_group ON project_groups (group_id);

-- Every role that people have in projects, their own and their groups'. Whatever decides reads it.
CREATE VIEW project_roles AS
SELECT project_id, user_id, role, custom_role_id FROM project_members
UNION ALL
SELECT project_groups.project_id, group_members.user_id, project_groups.role, project_groups.custom_role_id
FROM group_members JOIN project_groups ON project_groups.group_id = group_members.group_id
-- Groups bring nothing to who is kept out.
WHERE NOT EXISTS (
    SELECT 1 FROM project_members
    WHERE project_members.project_id = project_groups.project_id
        AND project_members.user_id = group_members.user_id
        AND project_members.role = 'no-access'
);

-- What is said of one object alone, beside the roles: that somebody may do something to it, or may not.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    -- Type and id of the object.
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    action TEXT NOT NULL,
    -- allow or deny, with a person, a group or a role; or only, with none: what else roles give does not count.
    effect TEXT NOT NULL,
    user_id TEXT REFERENCES users (id),
    group_id TEXT REFERENCES groups (id),
    -- A built-in role, or the id of a custom one.
    role TEXT,
    granted_by TEXT NOT NULL REFERENCES users (id),
    granted_at BIGINT NOT NULL
);
CREATE INDEX grants_by_object ON grants (object, object_id);
CREATE INDEX grants_by_user ON grants (user_id);
CREATE INDEX grants_by_group ON grants (group_id);

-- How often something that two people may edit was changed, and by whom last. None yet: never.
CREATE TABLE versions (
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_by TEXT NOT NULL REFERENCES users (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (object, object_id)
);

CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    token_hash TEXT NOT NULL UNIQUE,
    email TEXT,
    role TEXT NOT NULL,
    project_id TEXT REFERENCES projects (id),
    project_role TEXT,
    invited_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX invitations_by_organization ON invitations (organization_id);

-- Set-up and password-reset links: single use, kept as hashes.
CREATE TABLE one_time_links (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    user_id TEXT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE tiers (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    cpu_milli BIGINT NOT NULL,
    memory_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT
);
CREATE INDEX tiers_by_organization ON tiers (organization_id);

-- The newest row is the price that holds.
CREATE TABLE tier_prices (
    id TEXT PRIMARY KEY,
    tier_id TEXT NOT NULL REFERENCES tiers (id),
    price_micros BIGINT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    since BIGINT NOT NULL
);
CREATE INDEX tier_prices_by_tier ON tier_prices (tier_id, since);

-- One row per definition in sandbox/images, made when it is first built.
CREATE TABLE environments (
    id TEXT PRIMARY KEY,
    -- Hash of the definition that was built last.
    definition_hash TEXT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL,
    image TEXT,
    size_bytes BIGINT,
    failure TEXT,
    -- Who broke the last build off, if somebody did.
    cancelled_by TEXT REFERENCES users (id),
    started_at BIGINT,
    built_at BIGINT
);

-- Every build of an environment: who caused it, or nobody if the server prepared it.
CREATE TABLE environment_builds (
    id TEXT PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environments (id),
    definition_hash TEXT NOT NULL,
    caused_by TEXT REFERENCES users (id),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- ready, failed, cancelled, or absent if the server died before its end
    outcome TEXT
);
CREATE INDEX environment_builds_by_environment ON environment_builds (environment_id);

-- What one server does at a time on behalf of all that share this database. Who does not see it beat for
-- some seconds by its own clock may take it, under the next fence.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL,
    beat BIGINT NOT NULL
);

-- What should be.
CREATE TABLE workloads (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    owner_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    environment_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    -- running, stopped or deleted
    wanted TEXT NOT NULL,
    -- Why it should no longer run.
    stop_cause TEXT,
    -- Counts the starts; part of the container's name.
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    wanted_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- It has all data that its person may read, each at its newest version; else what workload_data_choices says.
    all_data BOOLEAN NOT NULL DEFAULT TRUE
);
CREATE INDEX workloads_by_project ON workloads (project_id);
CREATE INDEX workloads_by_wanted ON workloads (wanted);
CREATE INDEX workloads_by_owner ON workloads (owner_id);

-- What an attempt that may be repeated has made.
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL REFERENCES users (id),
    idempotency_key TEXT NOT NULL,
    made TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);

-- What is, as far as it is known.
CREATE TABLE workload_status (
    workload_id TEXT PRIMARY KEY REFERENCES workloads (id),
    state TEXT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    end_cause TEXT,
    failure_code TEXT,
    failure_detail TEXT,
    -- JSON of AliveReason
    alive TEXT NOT NULL,
    last_active_at BIGINT NOT NULL,
    idle_warned_at BIGINT,
    oom_at BIGINT,
    oom_used_bytes BIGINT,
    oom_limit_bytes BIGINT,
    updated_at BIGINT NOT NULL
);

-- Every start: who asked, what size at what price.
CREATE TABLE workload_starts (
    workload_id TEXT NOT NULL REFERENCES workloads (id),
    generation BIGINT NOT NULL,
    asked_by TEXT NOT NULL REFERENCES users (id),
    asked_at BIGINT NOT NULL,
    tier_id TEXT NOT NULL REFERENCES tiers (id),
    tier_name TEXT NOT NULL,
    cpu_milli BIGINT NOT NULL,
    memory_bytes BIGINT NOT NULL,
    price_micros BIGINT NOT NULL,
    -- Digest of the image; set when the environment is ready.
    image TEXT,
    PRIMARY KEY (workload_id, generation)
);

CREATE TABLE workload_steps (
    workload_id TEXT NOT NULL REFERENCES workloads (id),
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (workload_id, generation, name)
);

-- The last lines of a container that has ended, as JSON: they outlive it.
CREATE TABLE workload_logs (
    workload_id TEXT PRIMARY KEY REFERENCES workloads (id),
    generation BIGINT NOT NULL,
    lines TEXT NOT NULL
);

-- Persistent folders: the row exists before the volume.
CREATE TABLE volumes (
    name TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    -- work, home or results
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    prepared_at BIGINT,
    UNIQUE (project_id, user_id, purpose)
);

-- Data of a project under a name. What it holds is in its versions.
CREATE TABLE datasets (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    trashed_at BIGINT,
    -- Since when the trash has forgotten it. The row stays, its slug is free again.
    removed_at BIGINT,
    UNIQUE (project_id, slug)
);

CREATE TABLE models (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    trashed_at BIGINT,
    -- As of datasets.
    removed_at BIGINT,
    UNIQUE (project_id, slug)
);

-- Words to find datasets and models by.
CREATE TABLE artifact_labels (
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (object, object_id, label)
);

-- Which projects may use a dataset that is not theirs; null for all of its organization.
CREATE TABLE dataset_shares (
    id TEXT PRIMARY KEY,
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    project_id TEXT REFERENCES projects (id),
    -- read or commit
    access TEXT NOT NULL,
    shared_by TEXT NOT NULL REFERENCES users (id),
    shared_at BIGINT NOT NULL,
    UNIQUE (dataset_id, project_id)
);
CREATE INDEX dataset_shares_by_project ON dataset_shares (project_id);

-- A version of something that holds data: a tree in the store of its project.
CREATE TABLE data_versions (
    project_id TEXT NOT NULL REFERENCES projects (id),
    -- Type and id of what it is a version of.
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    parent_number BIGINT,
    restored_number BIGINT,
    -- The hash of the tree's root. The tree may be gone once the trash has forgotten it.
    root TEXT NOT NULL,
    message TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    origin TEXT NOT NULL,
    workload_id TEXT REFERENCES workloads (id),
    -- Of that workload, when it made the version: its environment, and the digest of the image.
    environment_id TEXT,
    image TEXT,
    -- The version of the project's files that its person had saved last, and what it had cost since its start: in
    -- its own project only.
    files_number BIGINT,
    cost_micros BIGINT,
    files BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    stored_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    trashed_at BIGINT,
    -- Since when the trash has forgotten it. The row stays: its number is never given again.
    removed_at BIGINT,
    PRIMARY KEY (object, object_id, number)
);
CREATE INDEX data_versions_by_project ON data_versions (project_id);

-- The data that was chosen for a workload, where that is not all.
CREATE TABLE workload_data_choices (
    workload_id TEXT NOT NULL REFERENCES workloads (id),
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    -- latest, a number or a tag: what it means is asked anew at each start.
    version TEXT NOT NULL,
    PRIMARY KEY (workload_id, dataset_id)
);

-- The data that each start of a workload was given: what was chosen, and what that was at the time.
CREATE TABLE workload_data (
    workload_id TEXT NOT NULL REFERENCES workloads (id),
    generation BIGINT NOT NULL,
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    -- The folder in /data.
    slug TEXT NOT NULL,
    version TEXT NOT NULL,
    number BIGINT NOT NULL,
    root TEXT NOT NULL,
    files BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    -- mounted, or why it is not
    place TEXT NOT NULL,
    PRIMARY KEY (workload_id, generation, dataset_id)
);

-- Trees on the Docker host, one volume each, which containers read. The row exists before the volume; a volume
-- without a row is nobody's. Every attempt to fill one has a name of its own.
CREATE TABLE data_volumes (
    name TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    root TEXT NOT NULL,
    -- About what it takes on the disk.
    bytes BIGINT NOT NULL,
    -- Since when all of it is there.
    prepared_at BIGINT,
    used_at BIGINT NOT NULL,
    UNIQUE (project_id, root)
);

-- What whoever made a version told of it.
CREATE TABLE data_facts (
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    -- metric: a number that it scored; parameter: what was chosen before
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Numbers as text, so that they are the same to the last digit wherever they are read.
    value TEXT NOT NULL,
    PRIMARY KEY (object, object_id, number, kind, name)
);

-- Versions of datasets that a version was made of.
CREATE TABLE data_inputs (
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    dataset_number BIGINT NOT NULL,
    PRIMARY KEY (object, object_id, number, dataset_id, dataset_number)
);

-- Names that point to versions and can be moved.
CREATE TABLE data_tags (
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    number BIGINT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    set_at BIGINT NOT NULL,
    PRIMARY KEY (object, object_id, tag)
);

-- Files and folders of a project that not everybody may read who may read the others. Who may, grants say.
CREATE TABLE restricted_paths (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    path TEXT NOT NULL,
    UNIQUE (project_id, path)
);

-- Versions in the making.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    workload_id TEXT REFERENCES workloads (id),
    -- The version that it changes; null if it begins with nothing.
    base_number BIGINT,
    base_root TEXT NOT NULL,
    -- Whether the version will hold what was sent and nothing else.
    replaces BOOLEAN NOT NULL,
    -- The tree as it is so far.
    root TEXT NOT NULL,
    files BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    stored_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- The version that it has become: who did not hear of it may ask again.
    number BIGINT,
    -- Whether it is a person's copy, which becomes versions again and again and does not end by itself.
    draft BOOLEAN NOT NULL,
    -- What came of the last time that a draft was saved, as JSON.
    last_save TEXT
);
CREATE INDEX uploads_by_object ON uploads (object, object_id);
CREATE UNIQUE INDEX uploads_one_draft ON uploads (object, object_id, author_id) WHERE draft;

-- Packs in which there is nothing but what was sent to one upload: it may use all of it, after a restart too.
CREATE TABLE upload_packs (
    upload_id TEXT NOT NULL REFERENCES uploads (id),
    pack TEXT NOT NULL,
    PRIMARY KEY (upload_id, pack)
);

-- What the versions of a project need in its store, as far as it is known.
CREATE TABLE project_storage (
    project_id TEXT PRIMARY KEY REFERENCES projects (id),
    -- Bytes that they needed together when they were last walked through …
    measured_bytes BIGINT NOT NULL,
    -- … and what versions that were made since have added.
    added_bytes BIGINT NOT NULL,
    -- All that was in the packs then, whether a version needed it or not.
    pack_bytes BIGINT NOT NULL,
    -- Counts what has changed which versions there are, and how far it was looked at.
    changes BIGINT NOT NULL,
    measured_changes BIGINT NOT NULL,
    measured_at BIGINT,
    -- The last day that is billed, in days since the epoch, UTC.
    billed_through BIGINT NOT NULL
);

-- The same of each thing that has versions.
CREATE TABLE storage_parts (
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    project_id TEXT NOT NULL REFERENCES projects (id),
    versions BIGINT NOT NULL,
    -- Bytes of the files of all its versions, one beside the other; and of the newest.
    version_bytes BIGINT NOT NULL,
    newest_bytes BIGINT NOT NULL,
    -- Bytes that its versions need in the store, and how many of them nothing else needs.
    stored_bytes BIGINT NOT NULL,
    own_bytes BIGINT NOT NULL,
    PRIMARY KEY (object, object_id)
);
CREATE INDEX storage_parts_by_project ON storage_parts (project_id);

-- What 2^30 bytes cost for a month. The newest row is the price that holds; without one they cost nothing.
CREATE TABLE storage_prices (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    price_micros BIGINT NOT NULL,
    set_by TEXT NOT NULL REFERENCES users (id),
    since BIGINT NOT NULL
);
CREATE INDEX storage_prices_by_organization ON storage_prices (organization_id, since);

-- The ledger of storage: a row for each project and day on whose end it stored something. Rows are never changed
-- or deleted, and carry the names of the time, so that they outlive what they speak of.
CREATE TABLE storage_days (
    project_id TEXT NOT NULL,
    -- Days since the epoch, UTC.
    day BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    project_slug TEXT NOT NULL,
    project_name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    price_micros BIGINT NOT NULL,
    -- Of which the price's month has so many.
    month_days BIGINT NOT NULL,
    cost_micros BIGINT NOT NULL,
    billed_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, day)
);
CREATE INDEX storage_days_by_organization ON storage_days (organization_id, day);

-- The way into a session's own host: a code that works once, then a cookie there.
CREATE TABLE session_entries (
    code_hash TEXT PRIMARY KEY,
    workload_id TEXT NOT NULL REFERENCES workloads (id),
    sign_in_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE session_cookies (
    token_hash TEXT PRIMARY KEY,
    workload_id TEXT NOT NULL REFERENCES workloads (id),
    sign_in_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Where sessions have ports instead of hosts: whose each is. A session keeps its port while it can.
CREATE TABLE session_ports (
    port BIGINT PRIMARY KEY,
    workload_id TEXT NOT NULL UNIQUE REFERENCES workloads (id),
    since BIGINT NOT NULL
);

-- The ledger. Rows of segments and segment_ends are never changed or deleted, and carry the names of the
-- time, so that they outlive what they speak of.
CREATE TABLE segments (
    id TEXT PRIMARY KEY,
    container TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    workload_id TEXT NOT NULL,
    workload_name TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    project_slug TEXT NOT NULL,
    project_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    user_email TEXT NOT NULL,
    tier_name TEXT NOT NULL,
    price_micros BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    UNIQUE (container, sequence)
);
CREATE INDEX segments_by_organization ON segments (organization_id, opened_at);
CREATE INDEX segments_by_workload ON segments (workload_id);
CREATE INDEX segments_by_user ON segments (organization_id, user_id, opened_at);

-- While a segment is open, what is certain so far. The boot's own clock does not jump.
CREATE TABLE heartbeats (
    segment_id TEXT PRIMARY KEY REFERENCES segments (id),
    started_at BIGINT NOT NULL,
    billed_ms BIGINT NOT NULL,
    boot_id TEXT NOT NULL,
    boot_ms BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE segment_ends (
    segment_id TEXT PRIMARY KEY REFERENCES segments (id),
    -- Absent if the container never ran.
    started_at BIGINT,
    ended_at BIGINT,
    milliseconds BIGINT NOT NULL,
    cost_micros BIGINT NOT NULL,
    closed_at BIGINT NOT NULL
);
