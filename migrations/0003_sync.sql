CREATE TABLE `purged_rows` (
	`entity` integer NOT NULL,
	`id` text NOT NULL,
	PRIMARY KEY(`entity`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `local_sync_bases` (
	`entity` integer NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`entity`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `local_sync_cursors` (
	`device` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`at` text NOT NULL,
	`schema` integer NOT NULL,
	`state` text
);
--> statement-breakpoint
CREATE TABLE `local_sync_parked` (
	`id` integer PRIMARY KEY NOT NULL,
	`position` integer,
	`device` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	`changeset` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sync_parked_by_seq` ON `local_sync_parked` (`device`,`seq`);--> statement-breakpoint
CREATE TABLE `local_sync_parked_rows` (
	`id` text NOT NULL,
	`parked` integer NOT NULL,
	PRIMARY KEY(`id`, `parked`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `local_sync_refused` (
	`device` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob NOT NULL,
	`kind` text NOT NULL,
	`reason` text,
	`why` text,
	`changeset` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`device`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `local_sync_returned` (
	`changeset` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`why` text,
	`at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `changesets` ADD `position` integer;--> statement-breakpoint
ALTER TABLE `changesets` ADD `eff_time` integer;--> statement-breakpoint
ALTER TABLE `changesets` ADD `eff_counter` integer;--> statement-breakpoint
ALTER TABLE `changesets` ADD `state` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `changesets_by_position` ON `changesets` (`position`) WHERE position IS NOT NULL;--> statement-breakpoint
ALTER TABLE `group_heads` ADD `eff_time` integer;--> statement-breakpoint
ALTER TABLE `group_heads` ADD `eff_counter` integer;--> statement-breakpoint
ALTER TABLE `group_heads` ADD `actor_id` text;--> statement-breakpoint
ALTER TABLE `group_heads` ADD `base` text;--> statement-breakpoint
ALTER TABLE `group_heads` ADD `seen` text;--> statement-breakpoint
CREATE INDEX `group_heads_several` ON `group_heads` (`entity`,`row`,`group`) WHERE value IS NOT NULL;