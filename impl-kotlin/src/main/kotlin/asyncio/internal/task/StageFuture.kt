package asyncio.internal.task

import java.util.concurrent.CompletionStage

/** A result of Java's own asynchronous code as a future of the loop; a cancellation goes both ways. */
internal class StageFuture<T>(
    loop: TaskLoop,
    stage: CompletionStage<T>,
) : ForeignFuture<T>(loop) {
    /** Null where the stage has none, as the JDK allows. */
    private val future =
        try {
            stage.toCompletableFuture()
        } catch (_: UnsupportedOperationException) {
            null
        }

    init {
        if (future?.isDone == true) {
            // The stage is done already: an await of it must not suspend.
            future.whenComplete(::take)
        } else {
            begun()
            stage.whenComplete(::ended)
        }
    }

    override fun stopOperation() {
        future?.cancel(true)
    }
}
