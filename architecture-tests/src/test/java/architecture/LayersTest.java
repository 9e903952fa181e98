package architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

/** In which order the packages of a module build on each other. */
class LayersTest {
    @Test
    void thePackagesOfTheHttpClientHaveNoCycles() {
        slices().matching("asyncio.internal.http.(*)..")
                .should()
                .beFreeOfCycles()
                .check(Jars.ALL.that(Jars.HTTP));
    }

    @Test
    void everyClassOfTheHttpClientIsInANamedPackage() {
        noClasses()
                .that(Jars.HTTP)
                .should()
                .resideInAPackage("asyncio.internal.http")
                .check(Jars.ALL);
    }
}
