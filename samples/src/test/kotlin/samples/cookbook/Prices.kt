package samples.cookbook

import asyncio.Queue
import asyncio.Task
import asyncio.TimeoutException
import asyncio.kotlin.asDeferred
import asyncio.kotlin.asFlow
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.iterator
import asyncio.kotlin.onAwait
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.taskGroup
import asyncio.kotlin.timeout
import asyncio.kotlin.toThread
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private suspend fun price(shop: String): Int {
    sleep(10.milliseconds)
    return shop.length
}

fun pricesInTasks(): List<Int> =
    runAsyncio {
        val first = createTask { price("corner") }
        val others = gather(listOf("market", "mill").map { shop -> createTask(shop) { price(shop) } })
        listOf(await(first)) + await(others)
    }

fun lowestInScope(): Int =
    runAsyncio {
        coroutineScope {
            listOf("corner", "market", "mill").map { shop -> async { price(shop) } }.awaitAll().min()
        }
    }

suspend fun cheapest(shops: List<String>): Int? =
    coroutineScope {
        val prices =
            shops.map { shop ->
                async {
                    try {
                        timeout(1.seconds) { price(shop) }
                    } catch (_: TimeoutException) {
                        null
                    }
                }
            }
        prices.awaitAll().filterNotNull().minOrNull()
    }

suspend fun sum(numbers: Queue<Int>): Int {
    var sum = 0
    for (number in numbers) sum += number
    return sum
}

fun sumOfQueue(): Int =
    runAsyncio {
        val numbers = Queue.create<Int>(2)
        coroutineScope {
            launch {
                for (i in 1..5) await(numbers.put(i))
                numbers.shutdown()
            }
            sum(numbers)
        }
    }

suspend fun firstOf(
    cache: suspend () -> String,
    origin: suspend () -> String,
): String {
    val fast = createTask { cache() }
    val slow = createTask { origin() }
    return select {
        fast.onAwait { "cache: $it" }
        slow.onAwait { "origin: $it" }
    }.also {
        fast.cancel()
        slow.cancel()
    }
}

fun tasksAndDeferreds(): List<Int> =
    runAsyncio {
        coroutineScope {
            val task = createTask { price("corner") }
            val lines = async { toThread { "one\ntwo".lines().size } }
            listOf(task.asDeferred(), lines).awaitAll()
        }
    }

fun firstThree(): List<Int> =
    runAsyncio {
        val numbers = Queue.create<Int>()
        (1..5).forEach(numbers::putNowait)
        numbers
            .asFlow()
            .buffer()
            .take(3)
            .toList()
    }

fun sumInGroup(): Int =
    runAsyncio {
        val tasks = ArrayList<Task<Int>>()
        taskGroup { group ->
            for (shop in listOf("corner", "mill")) tasks.add(group.createTask { price(shop) })
        }
        tasks.sumOf { it.result() }
    }

fun cheapestAndFirst(): List<Any?> =
    runAsyncio {
        listOf(
            cheapest(listOf("market", "mill")),
            firstOf({ "c" }, { sleep(1.seconds).let { "o" } }),
        )
    }
