CREATE TABLE `articles` (
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
	`title` text NOT NULL,
	`content` text NOT NULL,
	`tags` text NOT NULL,
	`client_id` text,
	`status` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `articles_id_unique` ON `articles` (`id`);--> statement-breakpoint
CREATE INDEX `articles_by_title` ON `articles` (`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `articles_by_created` ON `articles` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `articles_by_updated` ON `articles` (`updated_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `articles_by_status` ON `articles` (`status`,`sort_key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `articles_by_client` ON `articles` (`client_id`,`sort_key`);--> statement-breakpoint
CREATE INDEX `articles_by_no` ON `articles` (`no`);--> statement-breakpoint
CREATE INDEX `articles_by_deleted` ON `articles` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE VIRTUAL TABLE `articles_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");
