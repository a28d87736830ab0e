package dev.safelight.job;

import dev.safelight.access.Allow;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Shows the jobs that were given up, and has them tried again.
@RestController
@RequestMapping("/v1/jobs/dead")
class JobController {
    private static final int MOST_SHOWN = 200;

    private final JobRepository repository;
    private final JobQueue queue;
    private final List<JobHandler> handlers;

    JobController(JobRepository repository, JobQueue queue, List<JobHandler> handlers) {
        this.repository = repository;
        this.queue = queue;
        this.handlers = handlers;
    }

    /// The latest jobs that were given up, newest first, with their errors.
    @GetMapping
    @Allow(Role.ADMIN)
    DeadJobs list() {
        return new DeadJobs(repository.dead(MOST_SHOWN));
    }

    /// Takes a job up again, as if it had never failed.
    @PostMapping("/retry")
    @Allow(Role.ADMIN)
    @Transactional
    public ResponseEntity<Void> retry(@Valid @RequestBody JobName name) {
        if (!repository.exhume(name.kind(), name.instance())) {
            throw new Failure(
                    Failure.Kind.NOT_FOUND,
                    "There is no dead job \"%s\" of kind \"%s\".".formatted(name.instance(), name.kind()));
        }
        handlers.stream()
                .filter(handler -> handler.kind().equals(name.kind()))
                .forEach(handler -> handler.revive(name.instance()));
        queue.enqueue(name.kind(), name.instance());
        return ResponseEntity.accepted().build();
    }

    /// @param jobs at most 200
    record DeadJobs(List<JobRepository.DeadJob> jobs) {}

    /// What a job is called.
    record JobName(
            @NotNull(message = "is needed") String kind,
            @NotNull(message = "is needed") String instance) {}
}
