CREATE TABLE `local_job_runs` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`outcome` text NOT NULL,
	`error_code` text,
	`error` text,
	`started_by` text
);
--> statement-breakpoint
CREATE INDEX `job_runs_by_name` ON `local_job_runs` (`name`,`id`);--> statement-breakpoint
CREATE TABLE `local_job_switches` (
	`name` text PRIMARY KEY NOT NULL,
	`enabled` integer NOT NULL
);
