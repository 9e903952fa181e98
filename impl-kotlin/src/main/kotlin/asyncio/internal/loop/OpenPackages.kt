package asyncio.internal.loop

import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType

/** Opens packages of the JDK where `java.lang` is open to us, as it is on the best kind of fibers. */
public object OpenPackages {
    /** Opens package [name] of module `java.base` to [user]. False if this JVM does not let us. */
    public fun open(
        name: String,
        user: Module,
    ): Boolean =
        try {
            MethodHandles
                .privateLookupIn(Module::class.java, MethodHandles.lookup())
                .findVirtual(
                    Module::class.java,
                    "implAddOpens",
                    MethodType.methodType(Void.TYPE, String::class.java, Module::class.java),
                ).invoke(Any::class.java.module, name, user)
            true
        } catch (_: ReflectiveOperationException) {
            false
        }
}
