package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Tells listeners of a change: those of this process at once, those of others with the commit.
@Component
final class Broadcast {
    private final UUID self = UUID.randomUUID();
    private final List<CatalogListener> listeners;
    private final NewsRepository news;

    Broadcast(List<CatalogListener> listeners, NewsRepository news) {
        this.listeners = listeners;
        this.news = news;
    }

    void changed(AssetId id) {
        listeners.forEach(listener -> listener.assetChanged(id));
        news.tell(new News(self, id).text());
    }

    /// Tells those who must know of each, in the transaction. Others hear of it as a change, or of many at
    /// once.
    void withdrawing(Set<AssetId> ids) {
        if (!ids.isEmpty()) {
            listeners.forEach(listener -> listener.withdrawing(ids));
        }
    }

    /// Others take it for news that they do not understand, so that they distrust all they remember.
    void manyWithdrawn() {
        listeners.forEach(CatalogListener::manyWithdrawn);
        news.tell(self + " many");
    }

    /// Passes on what another process told. What this version does not understand may mean anything.
    void hear(String text) {
        News heard = News.parse(text).orElse(null);
        if (heard == null) {
            missedSome();
        } else if (!heard.sender().equals(self)) {
            listeners.forEach(listener -> listener.assetChanged(heard.asset()));
        }
    }

    /// Something may have changed that nobody told of.
    void missedSome() {
        listeners.forEach(CatalogListener::anythingMayHaveChanged);
    }
}
