package dev.safelight.access;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.safelight.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class EndpointsTest {
    @Test
    void everyEndpointDeclaresItsRoles() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.safelight");
        methods()
                .that()
                .areMetaAnnotatedWith(RequestMapping.class)
                .and()
                .areDeclaredInClassesThat()
                .areNotAssignableTo(ErrorController.class)
                .should()
                .beAnnotatedWith(Allow.class)
                .check(classes);
    }

    /// A session can do what its paths do, and nothing that a key can; a key can do nothing of a session's.
    @Test
    void sessionsAndKeysShareNoEndpoint() {
        var endpoints = TestServer.shared()
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods();

        assertThat(endpoints)
                .anySatisfy((mapping, method) -> assertThat(paths(mapping)).startsWith(SessionPath.ROOT));
        endpoints.forEach((mapping, method) -> {
            Allow allow = method.getMethodAnnotation(Allow.class);
            if (allow == null) {
                return;
            }
            boolean ofSessions = paths(mapping).startsWith(SessionPath.ROOT);
            assertThat(allow.value()).as(paths(mapping)).satisfies(roles -> {
                if (ofSessions) {
                    assertThat(roles).containsExactly(Role.SESSION);
                } else {
                    assertThat(roles).doesNotContain(Role.SESSION);
                }
            });
        });
    }

    /// What a store proves itself with opens one endpoint, and nothing else opens that.
    @Test
    void storesHaveOneEndpointForThemselves() {
        var endpoints = TestServer.shared()
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods();

        endpoints.forEach((mapping, method) -> {
            Allow allow = method.getMethodAnnotation(Allow.class);
            if (allow == null) {
                return;
            }
            assertThat(allow.value()).as(paths(mapping)).satisfies(roles -> {
                if (paths(mapping).equals(HookPath.STORE)) {
                    assertThat(roles).containsExactly(Role.STORE);
                } else {
                    assertThat(roles).doesNotContain(Role.STORE);
                }
            });
        });
        assertThat(endpoints.keySet())
                .anySatisfy(mapping -> assertThat(paths(mapping)).isEqualTo(HookPath.STORE));
    }

    private static String paths(RequestMappingInfo mapping) {
        return String.join(" ", mapping.getPatternValues());
    }
}
