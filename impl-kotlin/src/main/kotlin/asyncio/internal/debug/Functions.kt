package asyncio.internal.debug

import java.lang.ref.WeakReference

/**
 * The names of the functions that make coroutines. They are looked up by the class of the coroutine's body, of which each
 * place in the source has one: the stack is looked at when the first coroutine of a place is made.
 */
internal object Functions {
    private val walker = StackWalker.getInstance()

    private val names =
        object : ClassValue<String>() {
            override fun computeValue(bodyClass: Class<*>): String = nameOfMaker(bodyClass)
        }

    /** Classes whose names are known, by their hash codes; a race only brings a look into [names]. */
    private val noted = arrayOfNulls<WeakReference<Class<*>>>(NOTED)

    /** The calling code makes a coroutine with a body of this class. */
    fun note(bodyClass: Class<*>) {
        val slot = bodyClass.hashCode() and (NOTED - 1)
        if (noted[slot]?.refersTo(bodyClass) != true) noteAt(slot, bodyClass)
    }

    // Each coroutine would feel the time of a ClassValue.
    private fun noteAt(
        slot: Int,
        bodyClass: Class<*>,
    ) {
        names.get(bodyClass)
        noted[slot] = WeakReference(bodyClass)
    }

    /** Such as `Shop.greet`. */
    fun nameOf(bodyClass: Class<*>): String =
        if (OneShot::class.java.isAssignableFrom(bodyClass)) simpleName(bodyClass.name) else names.get(bodyClass)

    /** For the user's body the user's function; for one of the library's the function of the library that makes it. */
    private fun nameOfMaker(bodyClass: Class<*>): String {
        var own: String? = null
        val maker =
            walker.walk { frames ->
                frames
                    .filter { frame ->
                        val name = frame.className
                        val isOurs = isOurs(name)
                        if (isOurs && own == null && !isOwnMachinery(frame)) own = nameOf(frame)
                        !isOurs && !StackFrames.isOfMachinery(name)
                    }.findFirst()
                    .map(::nameOf)
                    .orElse(null)
            }
        return (if (isOurs(bodyClass.name)) own ?: maker else maker) ?: simpleName(bodyClass.name)
    }

    private fun isOurs(className: String) =
        StackFrames.isOurs(className) || className.startsWith("asyncio.testing.TestLoop") ||
            className.startsWith("asyncio.internal.testing.")

    /** Whether no name of a function of ours: the making of the object, and this. */
    private fun isOwnMachinery(frame: StackWalker.StackFrame) =
        frame.methodName.startsWith("<") || frame.className.startsWith("asyncio.internal.debug.")

    private fun nameOf(frame: StackWalker.StackFrame): String {
        val method = methodName(frame.methodName)
        val place = simpleName(frame.className)
        return when {
            method == null -> place
            place.endsWith("Kt") -> method
            else -> "$place.$method"
        }
    }

    /** That in the source; null if the name of the class tells more. */
    private fun methodName(name: String): String? =
        when {
            name.startsWith(
                "lambda$",
            ) -> name.split('$')[1].takeUnless { it == "new" || it == "static" || it == "null" }

            name.startsWith("<") || name == "invokeSuspend" || name == "invoke" -> null

            else -> name.substringBefore('$')
        }

    /** Without the package, without the numbers of classes that have no name, and of ours without the endings of internals. */
    private fun simpleName(className: String): String {
        val isOurs = isOurs(className)
        return className
            .substringAfterLast('.')
            .substringBefore("\$\$Lambda")
            .split('$')
            .filterNot { it.isEmpty() || it.first().isDigit() }
            .joinToString(".") { if (isOurs) nameInApi(it) else it }
    }

    /** How many, a power of two. */
    private const val NOTED = 256

    private fun nameInApi(name: String) = if (name.endsWith("Provider")) "Asyncio" else name.removeSuffix("Impl")
}
