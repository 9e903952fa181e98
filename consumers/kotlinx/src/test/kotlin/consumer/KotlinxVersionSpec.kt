package consumer

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.Job

/** The other specs of this module are those of kotlin-tests; this one holds that they meet the older kotlinx here. */
@Tags("once")
class KotlinxVersionSpec :
    FunSpec({
        test("kotlinx-coroutines is the oldest that asyncio4j works with") {
            val version =
                Job::class.java
                    .getResource("/META-INF/kotlinx_coroutines_core.version")!!
                    .readText()
                    .trim()
            version shouldBe "1.10.2"
        }
    })
