-- Whether the tags of a version's stored objects may differ from what was decided about it. Set before they can,
-- cleared under the lock of the row once they do not.
alter table asset_version add column tags_due boolean not null default false;

-- What was stored before there were tags.
update asset_version v set tags_due = true
from asset a
where a.id = v.asset_id and a.space = 'user' and v.status = 'READY';

create index asset_version_tags_due on asset_version (asset_id, version) where tags_due;
