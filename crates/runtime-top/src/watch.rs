//! The loop of somebody who watches.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, EventStream};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::{Notify, mpsc};
use tokio::time::MissedTickBehavior;

use crate::action;
use crate::client::Client;
use crate::clock::Moment;
use crate::draw::{Page, Palette, draw};
use crate::errands::Errands;
use crate::screen::Screen;
use crate::signals::{Asked, Signals, can_stop};
use crate::stream::Stream;
use crate::top::{Ending, TopError};
use crate::view::{Effect, Mode, View};

/// How often the ages on the screen are drawn anew.
const TICK: Duration = Duration::from_millis(250);
/// News that wait to be shown: no more is received meanwhile.
const MOST_NEWS: usize = 4;
/// Keys that are taken before the screen is drawn again.
const MOST_KEYS: usize = 256;

/// What a turn of the loop is about.
enum Turn {
    Key(Event),
    News(crate::news::News),
    Tick,
    Asked(Asked),
}

/// Until somebody quits, or a signal comes.
pub(crate) async fn watch(client: Client, interval: Duration) -> Result<Ending, TopError> {
    let mut signals = Signals::install().map_err(TopError::Start)?;
    let client = Arc::new(client);
    let address = client.address().to_string();
    let (sender, mut news) = mpsc::channel(MOST_NEWS);
    let hurry = Arc::new(Notify::new());
    let errands = Errands { client: Arc::clone(&client), news: sender.clone() };
    let stream = Stream { client, interval, news: sender, hurry: Arc::clone(&hurry) };
    let mut following = tokio::spawn(stream.run());
    let mut screen = Screen::open().map_err(TopError::Terminal)?;
    let palette = Palette::new(has_colors());
    let mut keys = EventStream::new();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut view = View::new();
    loop {
        let mut page = Page::default();
        screen
            .draw(|frame| page = draw(frame, &view, &address, Moment::now(), palette))
            .map_err(TopError::Terminal)?;
        view.set_page(page.rows, page.most_scrolled);
        let turn = tokio::select! {
            asked = signals.next() => Turn::Asked(asked),
            key = keys.next() => match key {
                Some(Ok(event)) => Turn::Key(event),
                Some(Err(error)) => return Err(TopError::Terminal(error)),
                None => return Err(TopError::Terminal(std::io::ErrorKind::UnexpectedEof.into())),
            },
            Some(news) = news.recv() => Turn::News(news),
            _ = ticks.tick() => Turn::Tick,
            // It runs for as long as somebody watches: where it ended, it panicked, which was told.
            _ = &mut following => return Err(TopError::Defect),
        };
        let now = Moment::now();
        let effects = match turn {
            Turn::Tick => view.tick(now),
            Turn::News(news) => view.take(news, now),
            Turn::Key(event) => {
                let mut effects = press(&mut view, &event, now);
                for _ in 0..MOST_KEYS {
                    let Some(Some(Ok(event))) = keys.next().now_or_never() else { break };
                    effects.extend(press(&mut view, &event, now));
                }
                effects
            }
            Turn::Asked(Asked::End(signal)) => return Ok(Ending::Signal(signal)),
            Turn::Asked(Asked::Suspend) => vec![Effect::Suspend],
            Turn::Asked(Asked::Continued) => vec![Effect::Redraw],
        };
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(Ending::Quit),
                Effect::Redraw => screen.enter().map_err(TopError::Terminal)?,
                Effect::Retry => hurry.notify_one(),
                Effect::AskPast => errands.ask_past(),
                Effect::AskEnvironment => {
                    let instance_id = view.newest().map(|newest| newest.process.instance_id.clone());
                    instance_id.into_iter().for_each(|instance_id| errands.ask_environment(instance_id));
                }
                Effect::Copy(text) => screen.copy(&text).map_err(TopError::Terminal)?,
                Effect::Suspend if !can_stop() => view.say("There is no shell to go back to."),
                Effect::Suspend => {
                    screen.leave();
                    if let Asked::End(signal) = signals.stop().await.map_err(TopError::Start)? {
                        return Ok(Ending::Signal(signal));
                    }
                    screen.enter().map_err(TopError::Terminal)?;
                }
            }
        }
    }
}

fn press(view: &mut View, event: &Event, now: Moment) -> Vec<Effect> {
    let is_typing = view.mode() == Mode::Filter;
    let action = match event {
        Event::Key(key) if is_typing => action::of_typed_key(*key),
        Event::Key(key) => action::of_key(*key),
        Event::Paste(text) if is_typing => {
            view.paste(text);
            None
        }
        _ => None,
    };
    action.map_or(Vec::new(), |action| view.apply(action, now))
}

/// Source: no-color.org.
fn has_colors() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
