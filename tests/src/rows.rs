//! Rows of sessions and versions, written as the server would have written them, where there is no Docker to run
//! the ones and nothing is asked of the files of the others.

use crate::TestDatabase;
use std::sync::atomic::{AtomicU32, Ordering};

impl TestDatabase {
    /// A session of this person's, last started at the beginning of time; its id. `running` or `stopped`.
    ///
    /// # Errors
    /// If there is no such project, person or tier.
    pub fn session(&self, project: &str, email: &str, tier: &str, state: &str) -> anyhow::Result<String> {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("0192f1c4-7b3e-7cc1-8a55-{number:012}");
        for row in [
            format!(
                "INSERT INTO workloads (id, kind, organization_id, project_id, owner_id, name, environment_id, \
                 tool, wanted, generation, created_at, wanted_at) SELECT '{id}', 'session', p.organization_id, \
                 p.id, u.id, 'JupyterLab', 'python-data-science', 'jupyterlab', '{state}', 1, 1, 1 \
                 FROM projects p, users u WHERE p.slug = '{project}' AND u.email = '{email}'"
            ),
            format!(
                "INSERT INTO workload_status (workload_id, state, started_at, alive, last_active_at, updated_at) \
                 VALUES ('{id}', '{state}', 1, '{{\"reason\":\"nothing\"}}', 1, 1)"
            ),
            format!(
                "INSERT INTO workload_starts (workload_id, generation, asked_by, asked_at, tier_id, tier_name, \
                 cpu_milli, memory_bytes, price_micros) SELECT '{id}', 1, u.id, 1, '{tier}', 'Mini', 500, \
                 1073741824, 30000 FROM users u WHERE u.email = '{email}'"
            ),
        ] {
            anyhow::ensure!(self.execute(&row)? == 1, "not one row of {row}");
        }
        Ok(id)
    }

    /// A version of a dataset, by who made the dataset. Its files are nowhere.
    ///
    /// # Errors
    /// If there is no such dataset, or it has such a version.
    pub fn version(&self, dataset: &str, number: i64) -> anyhow::Result<()> {
        let row = format!(
            "INSERT INTO data_versions (project_id, object, object_id, number, parent_number, root, message, \
             author_id, origin, files, bytes, stored_bytes, created_at) SELECT project_id, 'dataset', id, \
             {number}, NULLIF({number} - 1, 0), '{number:064x}', 'Version {number}', created_by, 'upload', \
             {number}, {number}000, {number}00, 1 FROM datasets WHERE id = '{dataset}'"
        );
        anyhow::ensure!(self.execute(&row)? == 1, "not one row of {row}");
        Ok(())
    }
}
