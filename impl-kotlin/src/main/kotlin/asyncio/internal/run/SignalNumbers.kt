package asyncio.internal.run

import sun.misc.Signal

/** The numbers of the platform's signals. */
public object SignalNumbers {
    /** The number of the signal called [name], without `SIG`; null if there is none. */
    public fun find(name: String): Int? =
        try {
            Signal(name).number
        } catch (_: IllegalArgumentException) {
            null
        }
}
