//! librunloop
