package asyncio.kotlin

import io.kotest.core.spec.style.StringSpec
import io.kotest.matchers.shouldBe

class BuildSpec :
    StringSpec({
        "tests run on the JDK that the build selected" {
            Runtime.version().feature().toString() shouldBe System.getProperty("asyncio.jdk.expected")
            println(
                "Kotest: java.version=${System.getProperty("java.version")}, " +
                    "fiber=${System.getProperty("asyncio.fiber.expected")}",
            )
        }
    })
