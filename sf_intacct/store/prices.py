"""The query of what is sold for how much today."""

# A price list counts while it is active and its dates say so, an entry while its own dates say so: Intacct checks
# neither against the other. Of prices by quantity, that of one unit. A day is a day in UTC.
_TODAY = """
today as (
    select e.price_list, e.item_id, coalesce(e.item_id, 'product line ' || e.product_line, 'nothing') as sold,
           e.currency, e.price, e.starts_on, e.ends_on,
           e.item_id is not null and lower(coalesce(e.value_type, '')) = 'actual' as is_plain
    from core.intacct_prices e join core.intacct_price_lists l on l.name = e.price_list
    where not e.is_deleted and not l.is_deleted and l.status = 'active'
      and coalesce(greatest(e.starts_on, l.starts_on), $today) <= $today
      and coalesce(least(e.ends_on, l.ends_on), $today) >= $today
      and coalesce(e.quantity_from, 0) <= 1
      and (coalesce(e.quantity_to, 0) = 0 or e.quantity_to >= 1)
),
priced as (
    select price_list, sold, currency, min(item_id) as item_id, min(price) as unit_price,
           count(distinct price) as prices_today, bool_and(is_plain) as is_plain,
           max(starts_on) as starts_on, min(ends_on) as ends_on
    from today group by price_list, sold, currency
)
"""
# Only price books that name a list show one. An entry without a currency is of an organisation that has but one.
ITEM_PRICES = f"""
with {_TODAY},
products as (
    select intacct_item_id as item_id, min(product_id) as product_id from core.salesforce_products
    where not is_deleted and intacct_item_id is not null group by 1
),
shown as (
    select b.price_book_id, b.is_standard, p.*, s.product_id
    from priced p join core.salesforce_price_books b on b.price_list = p.price_list and not b.is_deleted
    left join products s using (item_id)
),
entries as (
    select e.*, b.is_standard from core.salesforce_price_book_entries e
    join core.salesforce_price_books b using (price_book_id) where not e.is_deleted and not b.is_deleted
)
select price_book_id || '|' || sold || '|' || coalesce(currency, '') as price_key,
       sold || ' in ' || price_list || coalesce(', ' || currency, '') as label,
       price_list, price_book_id, is_standard, item_id, product_id, currency, unit_price, prices_today, is_plain,
       starts_on, ends_on,
       exists (
           select 1 from entries e where e.is_standard and e.product_id = s.product_id
              and coalesce(e.entry_currency, s.currency, '') = coalesce(s.currency, e.entry_currency, '')
       ) as is_in_standard,
       exists (
           select 1 from entries e
           where e.price_book_id = s.price_book_id and e.product_id = s.product_id and e.is_by_standard
             and coalesce(e.entry_currency, s.currency, '') = coalesce(s.currency, e.entry_currency, '')
             and e.unit_price <> s.unit_price
       ) as is_by_standard
from shown s
"""
