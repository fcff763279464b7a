class FirstSolutionStrategy:
    PARALLEL_CHEAPEST_INSERTION: int

class LocalSearchMetaheuristic:
    GUIDED_LOCAL_SEARCH: int
