//! Mappings of the host's users to Alloy's users.

use sqlx::{FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;

use super::{Result, Store, columns::Columns as _, database::fetch_one, pool::Connected};
use crate::domain::{
    clock::to_millis,
    session::{AlloyUserId, ExternalId},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUser {
    pub alloy_user: AlloyUserId,
    /// Time of the mapping.
    pub since: OffsetDateTime,
}

impl FromRow<'_, AnyRow> for KnownUser {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self { alloy_user: row.try_get("alloy_user_id")?, since: row.time("known_since")? })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping {
    /// The user's mapping: the requested one, or an earlier one.
    To(AlloyUserId),
    /// Another user has this Alloy user, which the host did not send. Nothing was stored.
    Taken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreIf {
    HasSession,
    Always,
}

impl Store {
    pub async fn alloy_user(&self, user: &ExternalId) -> Result<Option<AlloyUserId>> {
        Ok(self.known_user(user).await?.map(|known| known.alloy_user))
    }

    pub async fn known_user(&self, user: &ExternalId) -> Result<Option<KnownUser>> {
        self.fetch_optional(sqlx::query(include_str!("sql/users/known_user.sql")).bind(user)).await
    }

    /// Several users may share an Alloy id that the host sent. Returns the user's first mapping, which stays.
    pub async fn store_alloy_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        now: OffsetDateTime,
    ) -> Result<AlloyUserId> {
        store_given(&mut self.writes.acquire().await?, user, alloy_user, now).await
    }

    /// Stores the Alloy id that was found by name, unless another user has it and the host did not send it. The first
    /// mapping stays.
    pub async fn map_alloy_user(
        &self,
        user: &ExternalId,
        alloy_user: &AlloyUserId,
        condition: StoreIf,
        now: OffsetDateTime,
    ) -> Result<Mapping> {
        let query = sqlx::query(include_str!("sql/users/map_alloy_user.sql"))
            .bind(user)
            .bind(alloy_user)
            .bind(to_millis(now))
            .bind(i64::from(condition == StoreIf::HasSession));
        self.execute(query).await?;
        if let Some(mapped) = self.alloy_user(user).await? {
            return Ok(Mapping::To(mapped));
        }
        let taken = self.alloy_user_is_taken(user, alloy_user).await?;
        Ok(if taken { Mapping::Taken } else { Mapping::To(alloy_user.clone()) })
    }

    /// Records that Gangway created this user at Alloy, and may delete it there.
    pub async fn record_created_user(&self, alloy_user: &AlloyUserId, now: OffsetDateTime) -> Result<()> {
        let query = sqlx::query(include_str!("sql/users/record_created.sql")).bind(alloy_user).bind(to_millis(now));
        self.execute(query).await?;
        Ok(())
    }

    pub async fn alloy_user_is_taken(&self, user: &ExternalId, alloy_user: &AlloyUserId) -> Result<bool> {
        let query = sqlx::query(include_str!("sql/users/alloy_user_is_taken.sql")).bind(user).bind(alloy_user);
        let (others,): (i64,) = self.fetch_one(query).await?;
        Ok(others > 0)
    }
}

pub(super) async fn store_given(
    connection: &mut impl Connected,
    user: &ExternalId,
    alloy_user: &AlloyUserId,
    now: OffsetDateTime,
) -> Result<AlloyUserId> {
    let query = sqlx::query(include_str!("sql/users/store_alloy_user.sql"));
    let query = query.bind(user).bind(alloy_user).bind(to_millis(now));
    let (stored,): (AlloyUserId,) = fetch_one(connection, query).await?;
    Ok(stored)
}
