"""The store on Firestore. Importing this package loads google.cloud.firestore (0.3 s and more); nothing else does."""

from shared.store.firestore.store import FirestoreStore, connect

__all__ = ["FirestoreStore", "connect"]
