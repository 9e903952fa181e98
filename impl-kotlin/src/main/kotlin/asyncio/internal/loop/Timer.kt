package asyncio.internal.loop

/** Something that becomes ready at a time. */
public abstract class Timer(
    /** The deadline in nanoseconds of the loop's clock. */
    @JvmField internal val deadline: Long,
) : Ready() {
    @JvmField internal var age: Long = 0

    /** The place in the heap, or -1 outside it. */
    @JvmField internal var index: Int = -1

    internal fun isBefore(other: Timer): Boolean =
        if (deadline != other.deadline) deadline < other.deadline else age < other.age
}
