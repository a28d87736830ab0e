package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.transaction.CannotCreateTransactionException;

class DatabaseOutageTest {
    private static int status(RuntimeException failed) {
        return new ProblemAdvice()
                .onDefect(failed, new MockHttpServletRequest())
                .getStatusCode()
                .value();
    }

    @Test
    void askingLaterHelpsWhenTheDatabaseIsAway() {
        assertThat(List.of(
                        new CannotGetJdbcConnectionException("refused"),
                        new CannotCreateTransactionException("refused"),
                        new CannotAcquireLockException("locked"),
                        new QueryTimeoutException("slow")))
                .allSatisfy(failed -> assertThat(status(failed)).isEqualTo(503));
    }

    @Test
    void askingLaterDoesNotHelpAgainstDefects() {
        assertThat(List.of(
                        new DataIntegrityViolationException("twice"),
                        new EmptyResultDataAccessException(1),
                        new BadSqlGrammarException("read", "selct", new SQLException("syntax"))))
                .allSatisfy(failed -> assertThat(status(failed)).isEqualTo(500));
    }
}
