package dev.safelight.store.embedded;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.Locale;

/// Sends an object's content type as it was stored, where the server would add the encoding that it supposes.
final class ExactContentType extends HttpServletResponseWrapper {
    ExactContentType(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void setContentType(String type) {
        super.setContentType(type);
        withoutSupposition(type);
    }

    @Override
    public void setHeader(String name, String value) {
        super.setHeader(name, value);
        if (name.equalsIgnoreCase("Content-Type")) {
            withoutSupposition(value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        super.addHeader(name, value);
        if (name.equalsIgnoreCase("Content-Type")) {
            withoutSupposition(value);
        }
    }

    private void withoutSupposition(String type) {
        if (!type.toLowerCase(Locale.ROOT).contains("charset")) {
            setCharacterEncoding((String) null);
        }
    }
}
