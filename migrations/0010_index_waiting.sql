CREATE TABLE `local_index_waiting` (
	`id` integer PRIMARY KEY NOT NULL,
	`entity` integer NOT NULL,
	`rids` text NOT NULL,
	`rows` integer NOT NULL
);
--> statement-breakpoint
DROP TABLE `local_sync_parked`;--> statement-breakpoint
DROP TABLE `local_sync_parked_rows`;