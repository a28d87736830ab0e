package dev.safelight;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the code against the map in ARCHITECTURE.md.
class ArchitectureTest {
    private static final String ROOT = "dev.safelight";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesImportOnlyWhatTheMapAllows() throws IOException {
        Map<String, Set<String>> map = readMap();
        Set<String> broken = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String from = top(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String to = target.getPackageName().startsWith(ROOT) ? top(target) : from;
                if (!to.equals(from)
                        && !from.isEmpty()
                        && !map.getOrDefault(from, Set.of()).contains(to)) {
                    broken.add(from + " imports " + to + " in " + type.getSimpleName());
                }
            }
        }
        // The command line starts the application class, which lives in the root package.
        broken.removeIf(line -> line.startsWith("cli imports  in"));
        assertThat(broken).isEmpty();
    }

    @Test
    void mapNamesEachPackageOnceAndHasNoCycle() throws IOException {
        Map<String, Set<String>> map = readMap();
        Set<String> existing = new TreeSet<>();
        CLASSES.forEach(type -> existing.add(top(type)));
        existing.remove("");
        assertThat(map.keySet()).containsExactlyInAnyOrderElementsOf(existing);
        Set<String> before = new LinkedHashSet<>();
        map.forEach((name, allowed) -> {
            assertThat(before).as("what %s may import stands above it", name).containsAll(allowed);
            before.add(name);
        });
    }

    @Test
    void foreignTypesStayAtTheEdge() {
        confine("software.amazon.awssdk..", ROOT + ".store..", ROOT + ".event.sqs..", ROOT + ".purge.edge..");
        confine("org.gaul..", ROOT + ".store.embedded..");
        confine("com.google.crypto..", ROOT + ".store.encryption..");
        confine("org.jclouds..", ROOT + ".store.embedded..");
        confine("java.lang.foreign..", ROOT + ".image..");
        confine("com.github.kagkarlsson..", ROOT + ".job..");
        confine("org.apache.tika..", ROOT + ".sniff..");
        confine("me.tongfei..", ROOT + ".cli..");
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".delivery..", ROOT + ".front..", ROOT + ".store.embedded..", ROOT + ".render.remote..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(CLASSES);
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Repository")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.springframework.jdbc.core.simple.JdbcClient")
                .check(CLASSES);
    }

    private static void confine(String foreign, String... homes) {
        noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(foreign)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static String top(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1).split("\\.")[0];
    }

    private static Map<String, Set<String>> readMap() throws IOException {
        String page = Files.readString(Path.of("ARCHITECTURE.md"));
        Matcher block = Pattern.compile("```map\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).as("ARCHITECTURE.md holds a block ```map").isTrue();
        Map<String, Set<String>> map = new LinkedHashMap<>();
        for (String line : block.group(1).lines().toList()) {
            String[] halves = line.split(":", 2);
            List<String> allowed =
                    halves[1].isBlank() ? List.of() : List.of(halves[1].strip().split(" +"));
            assertThat(map.put(halves[0].strip(), Set.copyOf(allowed)))
                    .as("%s stands once in the map", halves[0])
                    .isNull();
        }
        return map;
    }
}
