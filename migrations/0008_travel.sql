CREATE TABLE `local_travel` (
	`from_place` text NOT NULL,
	`to_place` text NOT NULL,
	`seconds` integer NOT NULL,
	`metres` integer NOT NULL,
	`source` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`from_place`, `to_place`)
);
