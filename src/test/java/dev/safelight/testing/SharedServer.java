package dev.safelight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/// Hands one server to all tests that ask for one as a parameter: as [SafelightProcess], or as [ApiUser] with its key.
///
/// It starts with the first of them and ends with the test run. Tests must neither stop it nor count on being alone.
public final class SharedServer implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedServer.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == SafelightProcess.class || type == ApiUser.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
        return parameter.getParameter().getType() == ApiUser.class ? running.admin() : running.server();
    }

    private record Running(Path folder, SafelightProcess server, ApiUser admin) implements AutoCloseable {
        static Running start() {
            try {
                Path folder = Files.createTempDirectory("safelight-shared");
                SafelightProcess server = SafelightProcess.serve(folder.resolve("data"));
                return new Running(folder, server, server.admin());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void close() throws IOException {
            admin.close();
            server.close();
            FileSystemUtils.deleteRecursively(folder);
        }
    }
}
