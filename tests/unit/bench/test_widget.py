from bench.widget import Wait, report


def test_a_report_names_the_median_wait_and_the_servers_part_of_it() -> None:
    waits = (Wait(40, 10), Wait(100, 90), Wait(50, 20))
    assert report("Opening", waits) == (
        "Opening: p50 50.0 ms, p95 95.0 ms; of it the server p50 20.0 ms (40%); N = 3"
    )
