"""What pages say that are not the ones meant: patterns for titles, headings and sentences."""

from __future__ import annotations

import re


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern whose parts stand on lines of their own."""
    return re.compile(re.sub(r"\n\s*", "", text), re.IGNORECASE)


#: What keeps programs out calls itself.
CHALLENGE = _pattern(r"""
    just a moment|checking your browser|attention required!?
    |verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot\??|making sure you're not a bot!?
    |enable javascript and cookies to continue|security check(?: required)?|ddos protection by.*
    |pardon our interruption|access denied|request unsuccessful\. incapsula.*
    |.{0,9}(?:安全验证|人机验证|滑动验证|访问验证|正在进行安全检测|请完成验证|访问过于频繁).{0,9}
""")

#: What a title, a heading or a sentence says of what is not there, by language.
NOT_FOUND = _pattern(r"""
    (?:(?:sorry|oops|error|whoops|leider|désolée?|lo sentimos|извините|对不起|抱歉|很抱歉|非常抱歉
    |出错了|提示)\W{1,4})?
    (?:(?:error|status|http|fehler|erreur|ошибка|错误|エラー) *)*(?:404)?(?: (?:error|fehler))?
    [ :,.!–—-]*(?:
    (?:(?:the|this|that|your) )?(?:requested |web ?)?
    (?:page|file(?: or directory)?|document|content|article|url|resource)
    (?: (?:that )?you(?:'re| are|r)?(?: requested| looking for| were looking for
    | are trying to reach))?(?:
    (?:(?: was| is| could| can| has| does)(?: ?not|n[’']t)| cannot)(?: be| been)?(?: found| exist)
    | not found|(?: is(?: not|n[’']t)| no longer) available| no longer exists
    |(?: was| is| has been)(?: removed| deleted| no longer available| gone))
    |(?:page )?not found|nothing (?:was )?found
    |(?:您|你)?所?(?:要|想)?(?:访问|请求|查看|浏览|查找|指定)?的?(?:该|此|这个)?
    (?:页面|网页|内容|文章|文件|信息|资源|主题|帖子|链接|新闻|视频)[^。！!]{0,6}?
    (?:不存在|找不到|未找到|没有找到|不见了|被(?:作者|发布者)?删除|删除|失效|下架|无法访问|丢失|走丢)了?
    (?:[，或]?(?:或者)?(?:已|正在)?被?(?:删除|失效|移除|审核))*
    |(?:找不到|未找到|无法找到|没有找到)(?:该|此|您?(?:要|所)?(?:访问|请求|查找)?的)?
    (?:页面|网页|文件|内容|资源)
    |(?:お探し|ご指定|指定|該当|こ)?(?:の|された|する)?(?:ページ|記事|ファイル|コンテンツ|url)(?:が|は)
    (?:見つかりません(?:でした)?|存在しません|ありません|削除されました)
    |(?:요청하신 )?페이지를 찾을 수 없습니다|존재하지 않는 페이지입니다
    |(?:(?:die|diese|das|der|ihre) )?(?:(?:von ihnen )?(?:angeforderte|gesuchte|gewünschte)[nrs]? )?
    (?:web)?(?:seite|datei|artikel|inhalt|dokument)(?: wurde| konnte| ist| existiert)?(?: leider)?
    (?: nicht(?: mehr)?(?: gefunden| vorhanden| verfügbar)?(?: werden)?| existiert nicht(?: mehr)?)
    |(?:(?:la|cette|le|cet) |l[’'])?(?:page|fichier|article|document|contenu)
    (?: que vous (?:re)?cherchez| que vous (?:avez )?demandée?z?| (?:demand|recherch)ée?)?
    (?: est)?(?: introuvable| non trouvée?| n[’'](?:existe|est)(?: pas| plus)(?: disponible)?
    | n[’']a pas (?:pu être|été) trouvée?| a été supprimée?)
    |(?:(?:la|esta|el|a|o) )?(?:p[áa]gina|archivo|art[íi]culo|contenido|conteúdo|arquivo)
    (?: que (?:busca|buscas|está buscando|solicitó|procura)| solicitad[ao])?
    (?: no(?: encontrad[ao]| existe| está disponible| fue encontrad[ao]
    | se (?:ha )?(?:encuentra|encontr(?:ó|ado)|pudo encontrar))
    | não(?: encontrad[ao]| existe| foi encontrad[ao])
    | non(?: è stata)?(?: trovat[ao]| esiste| disponibile))
    |(?:(?:запрашиваемая|запрошенная|такая|данная|эта|искомая) )?(?:вами )?
    (?:страница|статья|новость|файл|документ)
    (?:,? котор[а-я]+ вы (?:ищете|запрашиваете|искали|запросили),?)?
    (?: не (?:найден[ао]?|существует|обнаружен[ао]?)|(?: была)? удал[её]н[ао]?
    | больше не существует)
    )[\s.!?。！…:)(]*(?:404)?\W*
    |(?:(?:http|error|status|fehler|erreur|ошибка|错误|エラー)[ -]*)*404
    (?:[ -]*(?:error|错误|エラー|fehler))?
""")

#: Titles of pages that only tell something, and the ends of sentences.
TITLE = _pattern(r"""
    (?:系统|友情|温馨)?提示(?:信息)?|出错了?|错误|error|notice|fehler|erreur|ошибка
""")
SENTENCE_END = re.compile(r"[.!?。！？]\s*")

#: What stands on a domain that nobody uses.
PARKED = _pattern(r"""
    (?:this |the )?domain(?: name)?(?: [\w.-]+)? (?:is|may be|could be)
    (?: parked| for sale| available for purchase)
    |buy this domain|domain parking|parked free,? courtesy of|parked domain
    |(?:this|the) domain has expired|该?域名(?:正在|可)?(?:出售|转让)|域名已(?:过期|到期)|本域名
""")
