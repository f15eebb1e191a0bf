CREATE TABLE `engineers` (
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
	`user_id` text NOT NULL,
	`name` text,
	`address` text,
	`latitude` real,
	`longitude` real,
	`day_ends` text,
	`shifts` text DEFAULT '[]' NOT NULL,
	`overtime_minutes` integer,
	`lunch_from` text,
	`lunch_to` text,
	`lunch_minutes` integer,
	`absences` text DEFAULT '[]' NOT NULL,
	`skills` text NOT NULL,
	`stock` text DEFAULT '[]' NOT NULL,
	`travel_percent` integer,
	`cost_percent` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `engineers_id_unique` ON `engineers` (`id`);--> statement-breakpoint
CREATE INDEX `engineers_by_user` ON `engineers` (`user_id`);--> statement-breakpoint
CREATE INDEX `engineers_by_created` ON `engineers` (`created_at`);--> statement-breakpoint
CREATE INDEX `engineers_by_no` ON `engineers` (`no`);--> statement-breakpoint
CREATE INDEX `engineers_by_deleted` ON `engineers` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `appointments` ADD `priority` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `windows` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `appointments` ADD `deadline_at` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `skills` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `appointments` ADD `parts` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `appointments` ADD `required_engineer` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `preferred_engineer` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `excluded_engineers` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `appointments` ADD `crew_with` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `follows` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `optional` integer;--> statement-breakpoint
ALTER TABLE `appointments` ADD `pinned` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `started_at` text;--> statement-breakpoint
ALTER TABLE `organization` ADD `scheduling` text;