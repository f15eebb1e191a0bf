-- One full-text index per entity; its rowid is the row's rid. Only tokens are kept, never the text itself;
-- beginnings of two and three letters have indexes of their own, since people look while they type.
CREATE VIRTUAL TABLE `companies_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `clients_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `contacts_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `notes_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `assets_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `contracts_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `tickets_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `tasks_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `appointments_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");--> statement-breakpoint
CREATE VIRTUAL TABLE `users_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");
