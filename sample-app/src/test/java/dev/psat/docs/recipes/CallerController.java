package dev.psat.docs.recipes;

import java.security.Principal;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

// tag::caller[]
@RestController
class CallerController {

	@GetMapping("/caller")
	String caller(Principal caller) {
		return caller.getName();
	}

}
// end::caller[]
