//! Timelines from consoles and guests, and their pictures.

use super::*;
use crate::vm::console::Console;

/// The timeline of a console on which each of these lines comes a second after the one before.
fn of_console(lines: &str) -> Timeline {
    let mut console = Console::default();
    let mut timeline = Timeline::from_power_on();
    for (second, line) in lines.lines().enumerate() {
        for sign in console.feed(format!("{line}\r\n").as_bytes()) {
            timeline.take(&sign, second as f64 + 1.0);
        }
    }
    timeline
}

const BOOT: &str = "\
BdsDxe: starting Boot0001
FreeBSD/amd64 EFI loader, Revision 1.1
---<<BOOT>>---
fruix: activate: begin: /frx/store/x-system
fruix: activate: check-root: ok
fruix: activate: etc: ok (changed by hand)
fruix: activate: done: /frx/store/x-system
fruix: service netif: begin
Starting dhclient.
DHCPDISCOVER on vtnet0
fruix: service netif: ok
fruix: service odd: begin
it does <not> & will not
fruix: service odd: FAILED status 3
fruix: service sshd: begin
";

fn parts(timeline: &Timeline) -> Vec<(&str, f64, f64, Ending)> {
    timeline.rows().iter().map(|span| (span.name.as_str(), span.start, span.end, span.ending)).collect()
}

#[test]
fn a_console_tells_when_each_part_was() {
    use Ending::{Failed, Good, Unfinished};
    let mut timeline = of_console(BOOT);
    timeline.finish(20.0, false);
    let expected = [
        ("firmware", 0.0, 2.0, Good),
        ("loader", 2.0, 3.0, Good),
        ("kernel", 3.0, 4.0, Good),
        ("activation", 4.0, 7.0, Good),
        ("check-root", 4.0, 5.0, Good),
        ("etc", 5.0, 6.0, Good),
        ("services", 7.0, 20.0, Unfinished),
        ("netif", 8.0, 11.0, Good),
        ("odd", 12.0, 14.0, Failed),
        ("sshd", 15.0, 20.0, Unfinished),
    ];
    assert_eq!(parts(&timeline), expected);
    let odd = timeline.bad(Kind::Service)[0];
    assert_eq!(
        (odd.message.as_str(), &odd.lines[..]),
        ("status 3", &["it does <not> & will not".to_owned()][..])
    );
    assert_eq!(timeline.spans.iter().find(|span| span.name == "netif").unwrap().lines, [""; 0]);
}

#[test]
fn a_system_that_gets_ready_ends_its_last_service() {
    let ready = "fruix: service sshd: ok\nfruix: service fruix_ready: begin\nfruix: ready: demo x-system\n";
    let mut timeline = of_console(&[BOOT, ready].concat());
    timeline.take(&Sign::Reached(Milestone::Ssh), 21.0);
    timeline.finish(22.0, true);
    assert_eq!(timeline.ready, Some(18.0));
    assert_eq!(parts(&timeline)[6], ("services", 7.0, 18.0, Ending::Good));
    assert_eq!(
        parts(&timeline)[10..],
        [("fruix_ready", 17.0, 18.0, Ending::Good), ("ssh", 18.0, 21.0, Ending::Good)]
    );
}

#[test]
fn a_guest_tells_it_with_its_own_clock() {
    let text = "1000060.5 now\n1000000.25 boot\n1000058.000001 ready\n1000012.5 activate.etc\n\
                1000010.5 activate.run\n1000013.0 service.netif.begin\n1000020.0 service.netif.end\n\
                1000021.0 service.odd.begin\n1000022.0 service.odd.end\n1000023.0 service.slow.begin\n\
                activate.etc:FAILED no space: left\nactivate.run:ok\nservice.netif.begin:begin\nservice.netif.end:ok (status 1)\n\
                service.odd.end:FAILED status 3\n";
    let timeline = read(text, 70.5).unwrap();
    let services = timeline.rows().into_iter().filter(|span| span.kind == Kind::Service);
    let services: Vec<_> = services.map(|span| (span.name.as_str(), span.start, span.ending)).collect();
    use Ending::{Failed, Good, Unfinished};
    assert_eq!(services, [("netif", 23.0, Good), ("odd", 31.0, Failed), ("slow", 33.0, Unfinished)]);
    assert_eq!(timeline.rows()[0].name, "kernel");
    assert_eq!(timeline.rows()[0].start, 10.25);
    assert_eq!(timeline.bad(Kind::Activation)[0].message, "no space: left");
    assert!((timeline.ready.unwrap() - 68.0).abs() < 0.001);
    assert_eq!(read("cd: /run/fruix-boot: No such file or directory\n", 1.0), None);
}

use super::guest::read;

/// Where each text of the picture lies: left, top, right, bottom.
fn texts(svg: &str) -> Vec<(String, [f64; 4])> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let texts = texts.map(|node| {
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let text = node.text().unwrap_or_default().to_owned();
        let (x, y) = (number("x"), number("y"));
        // Of the font that the picture asks for.
        let width = text.chars().count() as f64 * 7.2;
        (text, [x, y - 10.0, x + width, y + 3.0])
    });
    texts.collect()
}

fn assert_readable(timeline: &Timeline) {
    let picture = svg::draw(timeline, "demo <0p1abc-system-demo> & more");
    let texts = texts(&picture);
    let document = roxmltree::Document::parse(&picture).unwrap();
    let size = |name: &str| document.root_element().attribute(name).unwrap().parse::<f64>().unwrap();
    for (index, (text, one)) in texts.iter().enumerate() {
        assert!(one[0] >= 0.0 && one[2] <= size("width") && one[3] <= size("height"), "{text} is outside");
        for (other_text, other) in &texts[index + 1..] {
            let apart = one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1];
            assert!(apart, "`{text}` lies over `{other_text}`");
        }
    }
    for span in timeline.rows() {
        let shown: String = span.name.chars().take(20).collect();
        assert!(texts.iter().any(|(text, _)| text.contains(&shown)), "{} is not named", span.name);
    }
}

#[test]
fn the_picture_is_well_formed_and_no_text_lies_over_another() {
    let mut timeline = of_console(BOOT);
    timeline.finish(20.0, false);
    assert_readable(&timeline);
    let mut ready = of_console(&[BOOT, "fruix: ready: demo x-system\n"].concat());
    ready.finish(17.0, true);
    assert_readable(&ready);
    assert_readable(&Timeline::default());
    let mut odd = Timeline { ready: Some(0.0), ..Timeline::from_power_on() };
    odd.spans.push(Span::new(Kind::Service, "a-name-that-is-longer-than-any-column-would-be", 0.0));
    odd.spans[1].close(90000.0, Some("\u{1b}[31m<&>\u{0}".repeat(100)));
    assert_readable(&odd);
}

#[test]
fn the_chart_shows_what_matters() {
    let quick = "fruix: service quick: begin\nfruix: service quick: ok\n";
    let mut timeline = of_console(&[BOOT, quick].concat());
    timeline.finish(400.0, false);
    let chart = chart::draw(&timeline, 80);
    let expected = "\
firmware             |=                                                 2.00 s
loader               |=                                                 1.00 s
kernel               |=                                                 1.00 s
activation           |=                                                 3.00 s
services             | ?????????????????????????????????????????????   393.0 s, not over
  odd                | x                                                2.00 s, FAILED status 3
  sshd               |  ????????????????????????????????????????????   385.0 s, not over
4 shorter ones took 6.00 s together
";
    assert_eq!(chart, expected);
    assert!(chart::draw(&timeline, 0).lines().all(|line| line.chars().count() < 80));
}
