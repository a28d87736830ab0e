-- Pictures of an article are found by what their upload said about them.
create index asset_sku on asset ((metadata ->> 'sku'), (metadata ->> 'role'), id)
    where (metadata ->> 'sku') is not null;
