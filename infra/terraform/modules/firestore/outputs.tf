output "database" {
  description = "The database."
  value = {
    name       = google_firestore_database.this.name
    type       = google_firestore_database.this.type
    protection = google_firestore_database.this.delete_protection_state
    backups    = google_firestore_backup_schedule.daily.retention
    recovery   = google_firestore_database.this.point_in_time_recovery_enablement
  }
}

output "expiring" {
  description = "Collections whose records are deleted when they expire."
  value       = keys(google_firestore_field.expiry)
}

output "due" {
  description = "Collections that can be asked for what is due."
  value       = keys(google_firestore_field.due)
}

output "users" {
  description = "Who reads and writes."
  value       = keys(google_project_iam_member.user)
}
