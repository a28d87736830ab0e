package dev.safelight.job;

import dev.safelight.access.Allow;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private static final int MOST_RETRIED = 1000;

    private final JobRepository repository;
    private final JobQueue queue;
    private final List<JobRevival> revivals;

    JobController(JobRepository repository, JobQueue queue, List<JobRevival> revivals) {
        this.repository = repository;
        this.queue = queue;
        this.revivals = revivals;
    }

    /// The latest jobs that were given up, newest first, with their errors.
    @GetMapping
    @Allow(Role.ADMIN)
    DeadJobs list() {
        return new DeadJobs(repository.dead(MOST_SHOWN));
    }

    /// Takes a job up again as if it had never failed, or up to 1000 of a kind when no instance is named.
    @PostMapping("/retry")
    @Allow(Role.ADMIN)
    @Transactional
    public ResponseEntity<Void> retry(@Valid @RequestBody JobName name) {
        List<String> instances = name.instance() == null
                ? repository.deadInstances(name.kind(), MOST_RETRIED)
                : List.of(name.instance());
        for (String instance : instances) {
            retry(name.kind(), instance);
        }
        return ResponseEntity.accepted().build();
    }

    private void retry(String kind, String instance) {
        if (!repository.exhume(kind, instance)) {
            throw new Failure(
                    Failure.Kind.NOT_FOUND, "There is no dead job \"%s\" of kind \"%s\".".formatted(instance, kind));
        }
        revivals.stream().filter(one -> one.kind().equals(kind)).forEach(one -> one.revive(instance));
        queue.enqueue(kind, instance);
    }

    /// @param jobs at most 200
    record DeadJobs(List<JobRepository.DeadJob> jobs) {}

    /// What a job is called.
    ///
    /// @param instance null for all of the kind
    record JobName(
            @NotNull(message = "is needed") @Pattern(regexp = "[a-z-]{1,40}", message = "is no kind of job")
            String kind,

            @Nullable @Pattern(regexp = "[A-Za-z0-9/_-]{1,200}", message = "is no instance of a job")
            String instance) {}
}
