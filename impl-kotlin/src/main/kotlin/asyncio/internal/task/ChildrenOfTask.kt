package asyncio.internal.task

import asyncio.internal.loop.Ready
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job

/** The children that a task has left to kotlinx, and ends after: those of [jobs]. The task's turn [end] comes when all are done. */
@OptIn(InternalCoroutinesApi::class)
internal class ChildrenOfTask(
    private val task: TaskImpl<*>,
    jobs: List<Job>,
    private val end: () -> Unit,
) : Ready() {
    private var left = jobs.size

    init {
        for (job in jobs) {
            job.invokeOnCompletion(false, true) {
                if (!task.loop.isClosed) task.loop.runInLoop { if (--left == 0) task.loop.enqueue(this) }
            }
        }
    }

    override fun turn(): Unit = end()
}
