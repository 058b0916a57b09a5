-- The newest stop by each limit of a recipe's budget.
select limit_name, limit_value, day, message
from budget_stops
where recipe_name = $recipe_name
qualify row_number() over (partition by limit_name order by stopped_at desc) = 1
