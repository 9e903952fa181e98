package asyncio.internal.context

/**
 * The values of context variables: immutable, so that a copy is the map itself. Programs have few such variables; a search
 * through a short sorted array is faster than a hash.
 */
internal class ContextMap private constructor(
    private val variables: Array<ContextVarImpl<*>>,
    private val values: Array<Any?>,
) {
    val size: Int get() = variables.size

    fun variable(index: Int): ContextVarImpl<*> = variables[index]

    fun value(index: Int): Any? = values[index]

    /** Where [variable] is; negative if it is not there, as in a binary search. */
    fun find(variable: ContextVarImpl<*>): Int {
        var low = 0
        var high = variables.size - 1
        while (low <= high) {
            val middle = (low + high) ushr 1
            val number = variables[middle].number
            when {
                number < variable.number -> low = middle + 1
                number > variable.number -> high = middle - 1
                else -> return middle
            }
        }
        return low.inv()
    }

    fun with(
        variable: ContextVarImpl<*>,
        value: Any?,
    ): ContextMap {
        val index = find(variable)
        if (index >= 0) return ContextMap(variables, values.copyOf().also { it[index] = value })
        val at = index.inv()
        val size = variables.size
        return ContextMap(
            Array(size + 1) {
                if (it < at) {
                    variables[it]
                } else if (it == at) {
                    variable
                } else {
                    variables[it - 1]
                }
            },
            Array(size + 1) {
                if (it < at) {
                    values[it]
                } else if (it == at) {
                    value
                } else {
                    values[it - 1]
                }
            },
        )
    }

    fun without(variable: ContextVarImpl<*>): ContextMap {
        val at = find(variable)
        if (at < 0) return this
        val size = variables.size
        return ContextMap(
            Array(size - 1) { if (it < at) variables[it] else variables[it + 1] },
            Array(size - 1) { if (it < at) values[it] else values[it + 1] },
        )
    }

    companion object {
        val EMPTY = ContextMap(emptyArray(), emptyArray())

        /** The map with [value] as the value of the only variable in [variables], which it keeps. */
        fun of(
            variables: Array<ContextVarImpl<*>>,
            value: Any?,
        ) = ContextMap(variables, arrayOf(value))
    }
}
