package dev.safelight.delivery;

import dev.safelight.delivery.MediaLibrary.Media;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatus;

/// Answers every request below `/media/` that memory could not, on a thread that may block.
///
/// What does not exist, is not cleared for delivery, or may not be seen by this caller, gets the same 404: an
/// answer tells nothing about what it withholds.
final class MediaHandler extends Handler.Wrapper {
    private final MediaLibrary library;
    private final Exchange.Means means;

    MediaHandler(MediaLibrary library, Exchange.Means means, Handler next) {
        super(next);
        this.library = library;
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
        Media media = library.find(path)
                .filter(found -> found.representation().shared() || exchange.maySee(found.space(), found.owner()))
                .orElse(null);
        if (media == null) {
            exchange.refuse(HttpStatus.NOT_FOUND, "There is no media at this address.", Map.of());
        } else {
            exchange.answer(media.representation(), media.hot(), range -> library.open(media, range));
        }
    }
}
