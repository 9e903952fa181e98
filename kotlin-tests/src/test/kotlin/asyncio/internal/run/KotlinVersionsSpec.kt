package asyncio.internal.run

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith

@Tags("once")
class KotlinVersionsSpec :
    FunSpec({
        test("the versions of the jars are found, and are not refused") {
            KotlinVersions.kotlinx().shouldNotBeNull() shouldStartWith "1.1"
            KotlinVersions.check()
        }

        test("what Spring Boot 3.5 brings is named, with what to do") {
            val refusal = KotlinVersions.refusalOf("1.9.25", "1.8.1").shouldNotBeNull()
            refusal shouldContain "kotlin-stdlib 1.9.25"
            refusal shouldContain "kotlin.version"
            refusal shouldContain "kotlinx-coroutines-core 1.8.1"
            refusal shouldContain "kotlin-coroutines.version"
        }

        test("only what is too old is named") {
            KotlinVersions.refusalOf("2.1.21", "1.10.2").shouldNotBeNull() shouldNotContain "kotlinx-coroutines-core"
            KotlinVersions.refusalOf("2.2.0-RC", "1.9.0").shouldNotBeNull() shouldNotContain "kotlin-stdlib"
        }

        test("newer ones, and one that does not tell, are taken") {
            KotlinVersions.refusalOf("2.2.21", "1.10.2").shouldBeNull()
            KotlinVersions.refusalOf("2.10.0", "1.11.0-rc01").shouldBeNull()
            KotlinVersions.refusalOf("3.0.0", null).shouldBeNull()
        }
    })
