-- A variant whose entry of the profile became wider or narrower has a new address, and the old one stays beside it.
alter table variant drop constraint variant_pkey;
alter table variant add primary key (asset_id, version, name, format, width);
