# heapq.
# needs: heapq
import heapq


def failure(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "none"


heap = []
for n in (5, 3, 8, 1, 9, 2, 7):
    heapq.heappush(heap, n)
print(heap[0], [heapq.heappop(heap) for _ in range(len(heap))], failure(lambda: heapq.heappop([])))  # expect: 1 [1, 2, 3, 5, 7, 8, 9] IndexError
items = [(n * 37 % 101, n) for n in range(50)]
heapq.heapify(items)
popped = [heapq.heappop(items) for _ in range(50)]
print(popped == sorted(popped), len(items))  # expect: True 0
