package asyncio.internal.vertx

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeSameInstanceAs

@Tags("once")
class NettyVersionSpec :
    FunSpec({
        test("the version of the jars is found") {
            NettyVersion.present() shouldHaveSize 1
            NettyVersion.present().single() shouldStartWith "4.2."
        }

        test("an older Netty is named, with what to do") {
            val missing = NoClassDefFoundError("io/netty/channel/MultiThreadIoEventLoopGroup")
            val refusal = NettyVersion.refusal(setOf("4.1.128.Final"), missing)!!
            refusal.message!! shouldContain "Netty 4.1.128.Final"
            refusal.message!! shouldContain "netty-bom 4.2"
            refusal.cause shouldBeSameInstanceAs missing
        }

        test("with the right one a missing class is what it is") {
            val missing = NoClassDefFoundError("some/Other")
            NettyVersion.refusal(setOf("4.2.7.Final"), missing).shouldBeNull()
            shouldThrow<NoClassDefFoundError> { NettyVersion.check { throw missing } } shouldBeSameInstanceAs missing
        }
    })
