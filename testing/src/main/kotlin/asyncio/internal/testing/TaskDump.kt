package asyncio.internal.testing

import asyncio.Task
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.TaskImpl
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** The unfinished tasks, oldest first: what each waits for, and where. For code of the loop, or while it stands still. */
public fun EventLoopImpl.describeTasks(): String {
    val clock = if (this is VirtualLoop) listOf(clockReport()) else emptyList()
    val tasks = tasks.oldestFirst()
    val lines = if (tasks.isEmpty()) listOf("no task is left") else tasks.map(::describe)
    return (clock + lines).joinToString("\n")
}

/** The unfinished tasks, oldest first. For code of the loop, or while it stands still. */
public fun EventLoopImpl.unfinishedTasks(): List<Task<*>> = tasks.oldestFirst()

/** [describeTasks] for another thread, which cannot know what the loop is doing. */
public fun EventLoopImpl.describeTasksFromOutside(): String {
    val answer = CompletableFuture<String>()
    return try {
        callSoonThreadsafe { answer.complete(describeTasks()) }
        answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
    } catch (_: TimeoutException) {
        describeBlocked()
    } catch (closed: IllegalStateException) {
        "$closed"
    }
}

/** What can be said of a loop that does not answer. It may go on at any moment: what is seen need not fit together. */
private fun EventLoopImpl.describeBlocked(): String {
    val task = currentTask
    val thread = task?.fiber?.thread?.takeIf { onFiber } ?: loopThread
    return when {
        thread != null -> {
            "The loop is blocked" + (task?.let { " by $it" } ?: "") + ":" +
                thread.stackTrace.joinToString("") { "\n      at $it" }
        }

        isRunning -> {
            "The loop does not answer."
        }

        else -> {
            "The loop is not running. " + describeTasks()
        }
    }
}

private fun describe(task: TaskImpl<*>): String =
    "  $task" + task.getStack(FRAMES).joinToString("") { "\n      at $it" }

private const val FRAMES = 8
private const val PATIENCE_MILLIS = 500L
