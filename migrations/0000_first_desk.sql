CREATE TABLE `appointments` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`client_id` text NOT NULL,
	`title` text NOT NULL,
	`starts_at` text NOT NULL,
	`ends_at` text NOT NULL,
	`status` text NOT NULL,
	`assigned_to` text,
	`ticket_id` text,
	`address` text,
	`latitude` real,
	`longitude` real,
	`comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `appointments_id_unique` ON `appointments` (`id`);--> statement-breakpoint
CREATE INDEX `appointments_by_start` ON `appointments` (`starts_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `appointments_by_created` ON `appointments` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `appointments_by_client` ON `appointments` (`client_id`,`starts_at`);--> statement-breakpoint
CREATE INDEX `appointments_by_assigned` ON `appointments` (`assigned_to`,`starts_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `appointments_by_ticket` ON `appointments` (`ticket_id`) WHERE ticket_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `appointments_by_no` ON `appointments` (`no`);--> statement-breakpoint
CREATE INDEX `appointments_by_deleted` ON `appointments` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `assets` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`client_id` text NOT NULL,
	`name` text NOT NULL,
	`type` text,
	`vendor` text,
	`model` text,
	`serial_number` text,
	`inventory_number` text,
	`location` text,
	`purchased_on` text,
	`warranty_until` text,
	`status` text NOT NULL,
	`comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `assets_id_unique` ON `assets` (`id`);--> statement-breakpoint
CREATE INDEX `assets_by_name` ON `assets` (`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `assets_by_created` ON `assets` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `assets_by_client` ON `assets` (`client_id`,`sort_key`);--> statement-breakpoint
CREATE INDEX `assets_by_warranty` ON `assets` (`warranty_until`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `assets_by_no` ON `assets` (`no`);--> statement-breakpoint
CREATE INDEX `assets_by_deleted` ON `assets` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `branches` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`name` text NOT NULL,
	`director_id` text,
	`address` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `branches_id_unique` ON `branches` (`id`);--> statement-breakpoint
CREATE INDEX `branches_by_name` ON `branches` (`sort_key`);--> statement-breakpoint
CREATE INDEX `branches_by_no` ON `branches` (`no`);--> statement-breakpoint
CREATE INDEX `branches_by_deleted` ON `branches` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `clients` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`company_id` text,
	`company_name` text,
	`phone` text,
	`phones` text NOT NULL,
	`email` text,
	`address` text,
	`latitude` real,
	`longitude` real,
	`responsible_id` text,
	`theme` text,
	`comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clients_id_unique` ON `clients` (`id`);--> statement-breakpoint
CREATE INDEX `clients_by_name` ON `clients` (`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `clients_by_created` ON `clients` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `clients_by_updated` ON `clients` (`updated_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `clients_by_no` ON `clients` (`no`);--> statement-breakpoint
CREATE INDEX `clients_by_deleted` ON `clients` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `clients_by_company` ON `clients` (`company_id`);--> statement-breakpoint
CREATE INDEX `clients_by_responsible` ON `clients` (`responsible_id`,`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `companies` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`name` text NOT NULL,
	`inn` text,
	`kpp` text,
	`ogrn` text,
	`legal_name` text,
	`address` text,
	`phone` text,
	`email` text,
	`website` text,
	`activity_fields` text NOT NULL,
	`branch_id` text,
	`responsible_id` text,
	`comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `companies_id_unique` ON `companies` (`id`);--> statement-breakpoint
CREATE INDEX `companies_by_name` ON `companies` (`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `companies_by_created` ON `companies` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `companies_by_updated` ON `companies` (`updated_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `companies_by_inn` ON `companies` (`inn`) WHERE inn IS NOT NULL;--> statement-breakpoint
CREATE INDEX `companies_by_no` ON `companies` (`no`);--> statement-breakpoint
CREATE INDEX `companies_by_deleted` ON `companies` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `companies_by_branch` ON `companies` (`branch_id`,`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `companies_by_responsible` ON `companies` (`responsible_id`,`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `contacts` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`full_name` text NOT NULL,
	`client_id` text,
	`company_id` text,
	`position` text,
	`phone` text,
	`phones` text NOT NULL,
	`email` text,
	`comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_id_unique` ON `contacts` (`id`);--> statement-breakpoint
CREATE INDEX `contacts_by_name` ON `contacts` (`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contacts_by_created` ON `contacts` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contacts_by_updated` ON `contacts` (`updated_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contacts_by_no` ON `contacts` (`no`);--> statement-breakpoint
CREATE INDEX `contacts_by_deleted` ON `contacts` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `contacts_by_client` ON `contacts` (`client_id`);--> statement-breakpoint
CREATE INDEX `contacts_by_company` ON `contacts` (`company_id`);--> statement-breakpoint
CREATE TABLE `contracts` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`client_id` text NOT NULL,
	`title` text NOT NULL,
	`number` text,
	`start_date` text NOT NULL,
	`end_date` text,
	`support_level` text,
	`amount` integer,
	`auto_renew` integer NOT NULL,
	`comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contracts_id_unique` ON `contracts` (`id`);--> statement-breakpoint
CREATE INDEX `contracts_by_title` ON `contracts` (`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contracts_by_created` ON `contracts` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contracts_by_client` ON `contracts` (`client_id`,`end_date`);--> statement-breakpoint
CREATE INDEX `contracts_by_end` ON `contracts` (`end_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contracts_by_start` ON `contracts` (`start_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `contracts_by_no` ON `contracts` (`no`);--> statement-breakpoint
CREATE INDEX `contracts_by_deleted` ON `contracts` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `notes` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`content` text NOT NULL,
	`pinned` integer NOT NULL,
	`client_id` text,
	`company_id` text,
	`ticket_id` text,
	`task_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notes_id_unique` ON `notes` (`id`);--> statement-breakpoint
CREATE INDEX `notes_by_client` ON `notes` (`client_id`,`created_at`) WHERE client_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `notes_by_company` ON `notes` (`company_id`,`created_at`) WHERE company_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `notes_by_ticket` ON `notes` (`ticket_id`,`created_at`) WHERE ticket_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `notes_by_task` ON `notes` (`task_id`,`created_at`) WHERE task_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `notes_by_created` ON `notes` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `notes_by_no` ON `notes` (`no`);--> statement-breakpoint
CREATE INDEX `notes_by_deleted` ON `notes` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `organization` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`name` text NOT NULL,
	`language` text NOT NULL,
	`time_zone` text NOT NULL,
	`work_starts` text NOT NULL,
	`work_ends` text NOT NULL,
	`support_levels` text NOT NULL,
	`authority_device` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organization_id_unique` ON `organization` (`id`);--> statement-breakpoint
CREATE INDEX `organization_by_deleted` ON `organization` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `change_rows` (
	`entity` integer NOT NULL,
	`row` integer NOT NULL,
	`changeset` integer NOT NULL,
	`op` integer NOT NULL,
	`client` integer,
	PRIMARY KEY(`entity`, `row`, `changeset`, `op`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `change_rows_by_client` ON `change_rows` (`client`,`changeset`);--> statement-breakpoint
CREATE TABLE `changesets` (
	`id` integer PRIMARY KEY NOT NULL,
	`device` integer NOT NULL,
	`seq` integer NOT NULL,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`actor_id` text,
	`schema` integer NOT NULL,
	`origin` text NOT NULL,
	`import_id` text,
	`undoes` integer,
	`ops` text NOT NULL,
	`before` text NOT NULL,
	`prev_hash` blob NOT NULL,
	`hash` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `changesets_by_seq` ON `changesets` (`device`,`seq`);--> statement-breakpoint
CREATE INDEX `changesets_by_actor` ON `changesets` (`actor_id`,`id`);--> statement-breakpoint
CREATE INDEX `changesets_by_import` ON `changesets` (`import_id`,`id`);--> statement-breakpoint
CREATE INDEX `changesets_by_undoes` ON `changesets` (`undoes`);--> statement-breakpoint
CREATE TABLE `local_company_keys` (
	`key` text NOT NULL,
	`row` integer NOT NULL,
	PRIMARY KEY(`key`, `row`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `company_keys_by_row` ON `local_company_keys` (`row`);--> statement-breakpoint
CREATE TABLE `local_facts` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`entity` text PRIMARY KEY NOT NULL,
	`last` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`alias` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`name` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `devices_id_unique` ON `devices` (`id`);--> statement-breakpoint
CREATE TABLE `local_drafts` (
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` text NOT NULL,
	PRIMARY KEY(`user_id`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `group_heads` (
	`entity` integer NOT NULL,
	`row` integer NOT NULL,
	`group` text NOT NULL,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`value` text,
	PRIMARY KEY(`entity`, `row`, `group`, `stamp_time`, `stamp_counter`, `stamp_device`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `local_idempotency_keys` (
	`actor_id` text NOT NULL,
	`key` text NOT NULL,
	`operation` text NOT NULL,
	`request_hash` text NOT NULL,
	`response` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`actor_id`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_by_age` ON `local_idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `local_import_rows` (
	`import_id` text NOT NULL,
	`line` integer NOT NULL,
	`part` integer NOT NULL,
	`verdict` text NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`import_id`, `line`, `part`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `import_rows_by_verdict` ON `local_import_rows` (`import_id`,`verdict`,`line`);--> statement-breakpoint
CREATE TABLE `local_imported_sources` (
	`source` text PRIMARY KEY NOT NULL,
	`entity` text NOT NULL,
	`row_id` text NOT NULL,
	`import_id` text NOT NULL,
	`last_values` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `imported_sources_by_import` ON `local_imported_sources` (`import_id`);--> statement-breakpoint
CREATE TABLE `local_imports` (
	`id` text PRIMARY KEY NOT NULL,
	`file_name` text NOT NULL,
	`stored_as` text NOT NULL,
	`state` text NOT NULL,
	`info` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `security_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`type` text NOT NULL,
	`user_id` text,
	`address` text,
	`details` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `security_events_by_type` ON `security_events` (`type`,`id`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`title` text NOT NULL,
	`description` text,
	`client_id` text,
	`ticket_id` text,
	`status` text NOT NULL,
	`priority` integer NOT NULL,
	`assigned_to` text,
	`due_date` text,
	`completed_at` text,
	`rrule` text,
	`series_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_id_unique` ON `tasks` (`id`);--> statement-breakpoint
CREATE INDEX `tasks_by_due` ON `tasks` (`due_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_created` ON `tasks` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_updated` ON `tasks` (`updated_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_status` ON `tasks` (`status`,`due_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_client` ON `tasks` (`client_id`,`due_date`);--> statement-breakpoint
CREATE INDEX `tasks_by_ticket` ON `tasks` (`ticket_id`) WHERE ticket_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_assigned` ON `tasks` (`assigned_to`,`status`,`due_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_series` ON `tasks` (`series_id`) WHERE series_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tasks_by_no` ON `tasks` (`no`);--> statement-breakpoint
CREATE INDEX `tasks_by_deleted` ON `tasks` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `tickets` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`client_id` text NOT NULL,
	`subject` text NOT NULL,
	`description` text,
	`status` text NOT NULL,
	`priority` integer NOT NULL,
	`assigned_to` text,
	`asset_id` text,
	`contract_id` text,
	`due_date` text,
	`resolved_at` text,
	`closed_at` text,
	`source` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_id_unique` ON `tickets` (`id`);--> statement-breakpoint
CREATE INDEX `tickets_by_created` ON `tickets` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_updated` ON `tickets` (`updated_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_status` ON `tickets` (`status`,`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_client` ON `tickets` (`client_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `tickets_by_assigned` ON `tickets` (`assigned_to`,`status`,`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_due` ON `tickets` (`due_date`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_priority` ON `tickets` (`priority`,`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_no` ON `tickets` (`no`);--> statement-breakpoint
CREATE INDEX `tickets_by_deleted` ON `tickets` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_asset` ON `tickets` (`asset_id`) WHERE asset_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tickets_by_contract` ON `tickets` (`contract_id`) WHERE contract_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `users` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`sort_key` text NOT NULL,
	`full_name` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`branch_id` text,
	`phone` text,
	`theme` text,
	`language` text,
	`active` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_id_unique` ON `users` (`id`);--> statement-breakpoint
CREATE INDEX `users_by_name` ON `users` (`sort_key`);--> statement-breakpoint
CREATE INDEX `users_by_email` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_by_no` ON `users` (`no`);--> statement-breakpoint
CREATE INDEX `users_by_deleted` ON `users` (`deleted_at`) WHERE deleted_at IS NOT NULL;