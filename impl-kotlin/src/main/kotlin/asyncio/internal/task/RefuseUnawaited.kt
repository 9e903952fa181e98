package asyncio.internal.task

import asyncio.Coroutine
import asyncio.internal.debug.OneShot

/** Throws if [value], which the code gave that was passed to [function], is a coroutine that would never run. */
public fun refuseUnawaited(
    value: Any?,
    function: String,
) {
    if (value !is OneShot || !value.isCreated) return
    val advice =
        when (function) {
            "run" -> "Await it there, as in run(() -> await(main())), or pass the coroutine itself, as in run(main())"
            "toThread" -> "toThread is for blocking code, which cannot await; a coroutine is awaited in the loop"
            else -> "Await it: $function(…, () -> await(…))"
        }
    val fault = "The code that was given to $function returned $value, which was not awaited, and so would never run"
    (value as Coroutine<*>).close()
    throw IllegalStateException("$fault. $advice")
}
