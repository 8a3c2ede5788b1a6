# Collections of the store, as shared/store/collections.py has them (the tests hold the two together);
# shared/README.md, «Records».
# ttl: its records have expires_at. due: the code asks for what is due in it.

locals {
  database = coalesce(var.firestore.database, "(default)")

  collections = {
    baskets        = { ttl = true, due = false }
    carts          = { ttl = true, due = false }
    checkouts      = { ttl = true, due = false }
    cursors        = { ttl = false, due = false }
    dead_letters   = { ttl = true, due = true }
    empty_searches = { ttl = true, due = false }
    inbox_bitrix   = { ttl = true, due = false }
    inbox_telegram = { ttl = true, due = true }
    inline_queries = { ttl = true, due = false }
    invites        = { ttl = true, due = false }
    jobs           = { ttl = true, due = true }
    leases         = { ttl = true, due = false }
    masters        = { ttl = false, due = false }
    media          = { ttl = true, due = true }
    newcomers      = { ttl = true, due = false }
    order_parts    = { ttl = true, due = false }
    order_lists    = { ttl = true, due = false }
    orders         = { ttl = true, due = false }
    pasted_lists   = { ttl = true, due = false }
    pauses         = { ttl = true, due = false }
    pictures       = { ttl = true, due = false }
    portal_state   = { ttl = false, due = false }
    queue_state    = { ttl = false, due = false }
    return_drafts  = { ttl = true, due = false }
    return_lists   = { ttl = true, due = false }
    returns        = { ttl = true, due = true }
    saved_lists    = { ttl = true, due = false }
    screens        = { ttl = true, due = false }
    search_cache   = { ttl = true, due = false }
    searches       = { ttl = true, due = false }
    sessions       = { ttl = true, due = false }
    tokens         = { ttl = false, due = false }
    topics         = { ttl = true, due = false }
    trade_words    = { ttl = false, due = false }
    watches        = { ttl = true, due = true }
  }
}

module "firestore" {
  source = "./modules/firestore"

  project_id             = var.project_id
  database               = local.database
  location               = coalesce(var.firestore.location, var.region)
  point_in_time_recovery = var.firestore.point_in_time_recovery
  backup_days            = var.firestore.backup_days
  delete_protection      = var.protected && var.firestore.delete_protection
  collections            = local.collections
  users                  = { for name, account in google_service_account.function : name => account.member }

  depends_on = [google_project_service.this]
}
