package dev.psat.tlstests;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Handlers of which a server does not begin as many at a time as requests have been sent.
 */
@Configuration(proxyBeanMethods = false)
@RestController
public class QueuedRequests {

	private final AtomicInteger begun = new AtomicInteger();

	private final AtomicInteger finished = new AtomicInteger();

	private final CountDownLatch end = new CountDownLatch(1);

	@PostMapping("/queued")
	public String queued() throws InterruptedException {
		this.begun.incrementAndGet();
		this.end.await();
		this.finished.incrementAndGet();
		return "hello";
	}

	int begun() {
		return this.begun.get();
	}

	int finished() {
		return this.finished.get();
	}

	/**
	 * Let all of them finish.
	 */
	void end() {
		this.end.countDown();
	}

}
