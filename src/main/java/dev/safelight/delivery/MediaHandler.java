package dev.safelight.delivery;

import dev.safelight.delivery.MediaLibrary.Media;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers every request below `/media/` that memory could not, on a thread that may block.
///
/// What does not exist, is not cleared for delivery, or may not be seen by this caller, gets the same answer,
/// which tells nothing about what it withholds.
final class MediaHandler extends Handler.Wrapper {
    private final MediaLibrary library;
    private final @Nullable Redirects redirects;
    private final Exchange.Means means;

    /// @param redirects absent where this process sends all bytes itself
    MediaHandler(MediaLibrary library, @Nullable Redirects redirects, Exchange.Means means, Handler next) {
        super(next);
        this.library = library;
        this.redirects = redirects;
        this.means = means;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (path == null || !path.startsWith(MediaPath.ROOT)) {
            return super.handle(request, response, callback);
        }
        Exchange exchange = new Exchange(means, request, response, callback);
        exchange.serve(() -> answer(exchange, path));
        return true;
    }

    private void answer(Exchange exchange, String path) throws IOException, InterruptedException {
        Visitor visitor = exchange.visitor();
        Optional<Media> found = library.find(path);
        Permit permit = found.flatMap(media -> visitor.permit(media.space(), media.owner()))
                .orElseThrow(() -> visitor.refusal("There is no media at this address."));
        Media media = found.orElseThrow();
        Representation representation =
                media.representation().permitted(permit, means.gate().clock().instant());
        exchange.answer(
                representation,
                media.hot(),
                range -> library.open(media, range),
                redirects == null ? null : () -> redirects.grant(media, permit));
    }
}
