package dev.safelight.front;

import java.util.List;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.compression.zstandard.ZstandardCompression;
import org.eclipse.jetty.server.Handler;

/// Compresses answers of the API and pages for those who accept it, and nothing else: media is compressed
/// already, and events are to arrive one by one.
final class Compression {
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/problem+json",
            "application/yaml",
            "text/html",
            "text/css",
            "text/javascript");
    /// Bytes below which it is not worth the header fields.
    private static final int LEAST = 1024;

    private Compression() {}

    static Handler inFrontOf(Handler next) {
        GzipCompression gzip = new GzipCompression();
        gzip.setMinCompressSize(LEAST);
        ZstandardCompression zstd = new ZstandardCompression();
        zstd.setMinCompressSize(LEAST);
        CompressionConfig.Builder config = CompressionConfig.builder()
                .compressIncludeMethod("GET")
                .compressIncludeMethod("POST")
                .compressPreferredEncodings(List.of("zstd", "gzip"))
                // Bodies are read as they come; their limits hold for what was sent.
                .decompressExcludePath("/*");
        TYPES.forEach(config::compressIncludeMimeType);
        CompressionHandler handler = new CompressionHandler(next);
        handler.putCompression(gzip);
        handler.putCompression(zstd);
        handler.putConfiguration("/*", config.build());
        return handler;
    }
}
