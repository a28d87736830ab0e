package dev.safelight.web;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/// Tells a database that cannot answer right now from one that was asked for nonsense, which is a defect.
public final class DatabaseOutage {
    private DatabaseOutage() {}

    /// Whether the same request may succeed later.
    public static boolean is(Throwable failed) {
        return failed instanceof DataAccessResourceFailureException
                || failed instanceof TransientDataAccessException
                || failed instanceof RecoverableDataAccessException
                || failed instanceof CannotCreateTransactionException;
    }
}
